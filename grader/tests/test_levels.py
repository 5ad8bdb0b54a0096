"""Which level is used, and what is said where none holds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.main import cli, run
from grader.core.errors import SandboxError
from grader.sandbox import levels
from grader.sandbox.levels import LEVELS, PROMISES, Level, Proof, best_level, probe

KEPT = dict.fromkeys(PROMISES, "refused")


def test_a_level_with_a_broken_promise_does_not_hold() -> None:
    """One attempt that succeeded, or was never made, is enough."""
    assert Proof("full", KEPT).holds
    for name in PROMISES:
        assert not Proof("full", {**KEPT, name: ""}).holds
        assert (name,) == Proof("full", {key: why for key, why in KEPT.items() if key != name}).broken
    assert not Proof("full", KEPT, "bwrap is missing").holds


@pytest.mark.parametrize(("broken", "expected"), [((), "full"), (("full",), "landlock")])
def test_the_best_level_that_holds_is_used(
    broken: tuple[str, ...], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of what they promise."""
    monkeypatch.setattr(levels, "probe", lambda level: Proof(level, {} if level in broken else KEPT))
    assert expected == best_level()


def test_no_level_is_a_sentence_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing at each level, and what ``--sandbox none`` is for."""
    monkeypatch.setattr(levels, "probe", lambda level: Proof(level, {**KEPT, "read_files": ""}))
    with pytest.raises(SandboxError) as raised:
        best_level()
    text = str(raised.value)
    assert all(f"{level}: not enforced: {PROMISES['read_files']}" in text for level in LEVELS)
    assert "`--sandbox none` grades code that you trust, and no other" in text
    assert "\n" not in text


@pytest.mark.parametrize("level", LEVELS)
def test_other_systems_have_no_sandbox(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is tried there."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "it needs Linux" in probe(level).problem


def test_grade_refuses_where_nothing_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one sentence on stderr, nothing written."""
    monkeypatch.setattr(levels, "probe", lambda level: Proof(level, problem="no namespaces"))
    (tmp_path / "ada.py").write_text("", encoding="utf-8")
    out = tmp_path / "out"
    topic = str(Path(__file__).parent / "toy_course")
    assert 2 == run(cli, ["grade", topic, str(tmp_path), "--out", str(out)])
    error = capsys.readouterr().err
    assert "can't confine a submission" in error
    assert "Traceback" not in error
    assert not out.exists()


def test_doctor_says_so_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused, what is not, and what grading will do."""
    proofs = {"full": Proof("full", {**KEPT, "open_sockets": ""}), "landlock": Proof("landlock", KEPT)}
    monkeypatch.setattr(levels, "probe", proofs.__getitem__)
    result = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert f"✗ NOT ENFORCED: {PROMISES['open_sockets']}" in result.output
    assert f"✓ {PROMISES['read_files']}  (refused)" in result.output
    assert "`grader grade` will use: landlock" in result.output
    monkeypatch.setattr(levels, "probe", lambda level: Proof(level, problem="no namespaces"))
    result = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert 2 == result.return_value
    assert "`grader grade` will refuse here" in result.output
