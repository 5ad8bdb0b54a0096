"""An audit in words, for a terminal, and as JSON, for a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from grader.audit.audit import MutantReport, TopicAudit
from grader.audit.checks import CheckReport

NEAR: Final = 0.5
"""A right answer that uses more than this share of a tolerance is one to look at: another machine may round it away."""


def audit_lines(audit: TopicAudit, verbose: bool) -> Iterator[str]:
    """What does not hold and two lines on the checks; with ``verbose`` every claim, and a table of the checks."""
    failed = [finding for finding in audit.findings if not finding.holds]
    claims = len(audit.findings)
    state = "fit to release" if audit.holds else f"NOT fit: {len(failed)} of {claims} claims do not hold"
    yield f"{audit.topic}: {state} ({claims} claims tried)"
    for finding in audit.findings if verbose else [f for f in audit.findings if not f.holds or f.note]:
        yield f"  {'✓' if finding.holds else '✗'} {finding.claim}"
        if not finding.holds:
            yield f"    {finding.mend}"
        if finding.note:
            yield f"    {finding.note}"
    yield f"  {_discrimination(audit)}"
    yield f"  {_margin(audit.checks)}"
    if verbose:
        yield from _table(audit.checks)


def mutant_lines(report: MutantReport) -> Iterator[str]:
    """The share of mutants killed, and each one that is to be looked at."""
    yield (
        f"  {'✓' if report.holds else '✗'} mutants: {report.killed} killed, {len(report.survived)} survived "
        f"({report.share:.1%}), {len(report.declared)} declared equivalent"
    )
    for change in report.survived:
        yield f"    survived: {change}"
    for change in report.stale:
        yield f"    declared in equivalent.toml, but killed or gone: {change}"


def audits_json(audits: Sequence[tuple[TopicAudit, MutantReport | None]]) -> str:
    """Every audit in full: claims, checks and mutants of each topic."""
    entries: list[dict[str, Any]] = []
    for audit, mutants in audits:
        entry = {"topic": audit.topic, "fit": audit.holds and (mutants is None or mutants.holds)}
        entry |= {"claims": audit.findings, "wrong_answers": audit.wrong, "checks": audit.checks}
        if mutants is not None:
            entry["mutants"] = {**msgspec.structs.asdict(mutants), "share": mutants.share}
        entries.append(entry)
    return msgspec.json.format(msgspec.json.encode(entries), indent=2).decode()


def _discrimination(audit: TopicAudit) -> str:
    checks = audit.checks
    alone = sum(len(check.alone) for check in checks)
    text = (
        f"checks: {len(checks)}; {sum(bool(check.alone) for check in checks)} catch what no other does, "
        f"{alone} of {audit.wrong} wrong answers"
    )
    idle = [f"{check.id} ({check.visibility})" for check in checks if not check.caught]
    return f"{text}; no wrong answer fails {', '.join(idle)}" if idle else text


def _margin(checks: Sequence[CheckReport]) -> str:
    measured = [check for check in checks if check.tolerance_used is not None]
    if not measured:
        return "tolerance: no check allows an error"
    worst = max(measured, key=lambda check: check.tolerance_used or 0.0)
    share = worst.tolerance_used or 0.0
    if not share:
        return "tolerance: right answers use none of it"
    text = f"tolerance: right answers use {_percent(share)} of it at most ({worst.id}, {worst.nearest})"
    return f"{text}: widen it, or look at that answer" if share > NEAR else text


def _table(checks: Sequence[CheckReport]) -> Iterator[str]:
    width = max((len(check.id) for check in checks), default=0)
    yield f"  {'check':<{width}}  visibility  caught  alone  tolerance used"
    for check in checks:
        used = "-" if check.tolerance_used is None else f"{_percent(check.tolerance_used)}  {check.nearest}".rstrip()
        yield f"  {check.id:<{width}}  {check.visibility:<10}  {len(check.caught):>6}  {len(check.alone):>5}  {used}"


def _percent(share: float) -> str:
    return "less than 0.1 %" if 0 < share < 0.001 else f"{share * 100:.1f} %"
