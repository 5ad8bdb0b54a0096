"""Verdicts for readers: a mark and a few words each."""

from __future__ import annotations

from grader.core.verdict import Verdict

MARK: dict[Verdict, str] = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.RAISED: "✗",
    Verdict.TIMED_OUT: "✗",
    Verdict.OUT_OF_MEMORY: "✗",
    Verdict.CRASHED: "✗",
    Verdict.FORBIDDEN: "✗",
    Verdict.SKIPPED: "–",
    Verdict.INTERNAL_ERROR: "!",
}

LABEL: dict[Verdict, str] = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.RAISED: "raised",
    Verdict.TIMED_OUT: "timed out",
    Verdict.OUT_OF_MEMORY: "out of memory",
    Verdict.CRASHED: "crashed",
    Verdict.FORBIDDEN: "forbidden name",
    Verdict.SKIPPED: "not run",
    Verdict.INTERNAL_ERROR: "grader broke",
}


def tone(verdict: Verdict) -> str:
    """Its colour's name: ``good``, ``bad``, ``idle`` or ``ours``."""
    return "good" if verdict is Verdict.PASSED else {"student": "bad", "nobody": "idle"}.get(verdict.fault, "ours")
