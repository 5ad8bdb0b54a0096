"""Planted edits of a suite, one after another: what is taken over and graded again is what a full regrade gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.tests.classroom import CLASS, Command, hand_in, toy_course
from grader.tests.toy import right_but

GRADE = ("grade", "toy", "class", "--sandbox", "none", "--jobs", "1", "--format", "json")

HIDDEN = "tests/test_hidden.py"

EDITS: tuple[tuple[str, str, str, int], ...] = (
    # Skipped for cyd and gil, and dan can't be loaded.
    (HIDDEN, "assert_raises(ValueError, student.total, [])", "assert_equal(student.total([2]), 2)", 2),
    # It ran for everybody who can be loaded.
    (HIDDEN, "    assert_equal(counter.count, 6)\n", "    assert_equal(counter.count, 7)\n", 1),
    # What all checks share.
    (HIDDEN, "@pytest.mark.weight(2)\ndef test_total_large", "@pytest.mark.weight(5)\ndef test_total_large", 1),
    (HIDDEN, "def test_counter_iterates", "def test_counter_renamed", 1),
    # What loading depends on.
    ("topic.toml", 'name = "double"\npoints = 10', 'name = "double"\npoints = 20', 0),
)
"""File, old, new, and how many grades are taken over."""


def test_each_edit_moves_whom_a_full_regrade_moves(tmp_path: Path, grader: Command) -> None:
    """The same movements, scores and verdicts; and somebody does move by every edit but the narrow one's skipped."""
    topic = toy_course(tmp_path)
    refused = right_but("def total(numbers):\n    return sum(numbers)\n")
    hand_in(tmp_path / "class", {name: CLASS[name] for name in ("ada.py", "cyd/toy.py", "dan.py", "gil.py")})
    hand_in(tmp_path / "class", {"kit.py": refused})
    graded(grader, tmp_path)
    run = 1
    for file, old, new, expected in EDITS:
        text = (topic.path / file).read_text(encoding="utf-8")
        assert old in text
        (topic.path / file).write_text(text.replace(old, new), encoding="utf-8")
        partial, reused = graded(grader, tmp_path)
        full, none = graded(grader, tmp_path, "--force")
        assert (expected, 0) == (reused, none), new
        assert partial == full, new
        moved = [
            json.loads(grader(tmp_path, "diff", run, after, "--format", "json").out)["movements"]
            for after in (run + 1, run + 2)
        ]
        assert moved[0] == moved[1] != [], new
        run += 2


def graded(grader: Command, folder: Path, *more: str) -> tuple[Any, int]:
    """What a run says of everybody, times left out, and how many grades it took over."""
    ran = grader(folder, *GRADE, *more)
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)["submissions"]
    for each in found:
        del each["seconds"]
    first = ran.err.splitlines()[0]
    return found, int(first.split(", ")[1].split()[0]) if "graded before" in first else 0
