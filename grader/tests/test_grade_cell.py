"""A grade cell in a student's kernel: the public checks, in a process that waits for the next cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.lms import cell
from grader.release.twin import write_twin
from grader.tests.classroom import ROOT, toy_course
from grader.tests.toy import RIGHT, right_but

WRONG = right_but("def double(x):\n    return x * x\n")


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], cell.Checker]]:
    """The processes of this kernel, in a student's folder of the toy; they are ended afterwards."""
    write_twin(toy_course(tmp_path), tmp_path / "exercises")
    monkeypatch.chdir(tmp_path / "exercises" / "toy")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(cell, "_RUNNING", {})
    yield cell._RUNNING
    for checker in cell._RUNNING.values():
        checker.close()


def test_a_process_answers_cell_after_cell_and_is_replaced_when_it_ended(
    running: dict[tuple[str, str], cell.Checker], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each on what was run so far; what has no public check is left to grading; a problem is a sentence."""
    assert cell.points("toy double", ["%load_ext x", RIGHT, "%points toy double"]) == 10
    (first,) = running.values()
    assert "double: 10 of 10" in capsys.readouterr().out
    assert cell.points("toy double", [WRONG]) < 10
    assert "expected" in capsys.readouterr().out
    assert cell.points("toy Counter", [RIGHT]) == 10
    assert "no public check" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="nothing"):
        cell.points("toy nothing", [RIGHT])
    assert list(running.values()) == [first]
    first.close()
    assert cell.points("toy total", [RIGHT]) == 10
    assert list(running.values()) != [first]


def test_a_topic_that_is_not_there_is_one_sentence(running: dict[tuple[str, str], cell.Checker]) -> None:
    """Whoever asks, and however often."""
    for _ in range(2):
        with pytest.raises(RuntimeError, match=r"no exercise 'other'|no course"):
            cell.points("other task", [RIGHT])
    assert len(running) == 1
