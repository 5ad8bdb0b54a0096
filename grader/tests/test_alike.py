"""Submissions that are the same to the byte are graded once, and everybody gets that grade in their own name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from grader.autograde.alike import grade_once
from grader.autograde.submissions import Submission
from grader.core.grade import Graded
from grader.core.verdict import Verdict
from grader.tests.classroom import hand_in, program, toy_course, untimed
from grader.tests.records import graded
from grader.tests.toy import RIGHT, right_but
from grader.wire.messages import Cell


def submission(student: str, text: str, file: str = "toy.py", notes: tuple[str, ...] = ()) -> Submission:
    """What ``student`` handed in."""
    return Submission(student, f"{student}/{file}", f"digest of {text}", (Cell(text, "toy.py"),), notes=notes)


class Grader:
    """Grades by the text, and keeps whom it was given; ``broken`` are those on whom it breaks."""

    def __init__(self, *broken: str) -> None:
        self.given: list[str] = []
        self._broken = broken

    def __call__(self, submissions: Sequence[Submission]) -> Iterator[Graded]:
        self.given += [each.student for each in submissions]
        for each in reversed(submissions):
            verdict = Verdict.INTERNAL_ERROR if each.student in self._broken else Verdict.FAILED
            found = graded(each.student, digest=each.digest, score=float(len(each.cells[0].text)), verdict=verdict)
            yield msgspec.structs.replace(found, grade=msgspec.structs.replace(found.grade, file=each.file))


def grades(submissions: Sequence[Submission], grader: Grader) -> list[Graded]:
    """Everybody's grade, in the order of ``submissions``."""
    found = {each.grade.student: each for each in grade_once(submissions, grader)}
    assert len(found) == len(submissions)
    return [found[each.student] for each in submissions]


def test_what_is_the_same_is_graded_once() -> None:
    """One of three is run; each has the grade in their own name, as if graded alone."""
    handed_in = [submission(*each) for each in (("ada", "1"), ("bo", "22"), ("cy", "1"), ("di", "1"), ("ed", "3"))]
    grader = Grader()
    assert grades(handed_in, grader) == [next(Grader()([each])) for each in handed_in]
    assert grader.given == ["ada", "bo", "ed"]


@pytest.mark.parametrize(
    "other",
    [
        submission("bo", "1 "),
        submission("bo", "1", "toy.ipynb"),
        submission("bo", "1", notes=("the second of two files",)),
        msgspec.structs.replace(submission("bo", "1"), digest="other bytes"),
        msgspec.structs.replace(submission("bo", "1"), problem="too large"),
    ],
    ids=["text", "kind", "notes", "bytes", "problem"],
)
def test_what_differs_in_anything_is_not_the_same(other: Submission) -> None:
    """A blank, a notebook, a note, bytes that read the same, a problem: each is graded for itself."""
    grader = Grader()
    grades([submission("ada", "1"), other], grader)
    assert grader.given == ["ada", "bo"]


def test_what_the_grader_broke_on_is_no_grade_for_others() -> None:
    """Where the grader itself broke, each of the others is graded for itself."""
    handed_in = [submission(student, "1") for student in ("ada", "bo", "cy")]
    grader = Grader("ada", "cy")
    found = grades(handed_in, grader)
    assert grader.given == ["ada", "bo", "cy"]
    assert [each.grade.checks[1].verdict for each in found] == ["INTERNAL_ERROR", "FAILED", "INTERNAL_ERROR"]


def test_a_class_with_stubs_that_nobody_began(tmp_path: Path) -> None:
    """Stubs and equal answers, by file and by folder: results and feedback are those of each handed in alone."""
    toy_course(tmp_path)
    stub = right_but("def double(x):\n    raise NotImplementedError\n")
    texts = {"ada.py": stub, "bo/toy.py": stub, "cy.py": RIGHT, "di/toy.py": RIGHT, "ed.py": stub}
    hand_in(tmp_path / "class", texts)
    ran = program("grader", tmp_path, "grade", "toy", "class", "--out", "together", "--jobs", "2")
    assert ran.code == 0, ran.err
    together = {entry["student"]: entry for entry in untimed(tmp_path / "together/results.json")["submissions"]}
    assert sorted(together) == ["ada", "bo", "cy", "di", "ed"]
    for name in ("bo/toy.py", "ed.py"):
        student = name.partition("/")[0].removesuffix(".py")
        hand_in(tmp_path / student, {name: texts[name]})
        assert program("grader", tmp_path, "grade", "toy", student, "--out", f"out-{student}").code == 0
        (alone,) = untimed(tmp_path / f"out-{student}/results.json")["submissions"]
        assert alone == together[student]
        pages = [next((tmp_path / out).rglob(f"{student}*.html")) for out in ("together", f"out-{student}")]
        assert pages[0].read_text("utf-8") == pages[1].read_text("utf-8")
