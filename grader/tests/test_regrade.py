"""Editing a suite regrades only what the edit can touch, and what it does not touch stays what a full regrade gives."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.core.grade import CheckGrade, Grade
from grader.core.suite_parts import SuiteParts, suite_parts, untouched
from grader.core.topic import read_topic
from grader.core.verdict import Verdict
from grader.tests.classroom import CLASS, Command, Ran, hand_in, toy_course
from grader.tests.toy import right_but

GRADE = ("grade", "toy", "class", "--sandbox", "none", "--jobs", "1", "--format", "json")

NOTHING_REFUSED = right_but("def total(numbers):\n    return sum(numbers)\n")
"""Only the check that depends on another fails."""

HELPERS = '''
import functools
from functools import cache

import pytest

LIMIT = 3


@pytest.fixture
def table():
    return [1, 2]


def shared():
    return [LIMIT] * 2


ROWS = shared()


def only_second(x):
    return deeper(x)


@cache
def deeper(x):
    return x + 1


def setup_function():
    pass


@pytest.mark.task("double")
def test_first(student, table):
    """First."""
    assert student.double(table) == ROWS


@pytest.mark.task("double")
@pytest.mark.depends("test_first")
@pytest.mark.parametrize("case", [1, 2])
def test_second(student, case):
    """Second."""
    assert student.double(case) == only_second(case)


@pytest.mark.task("double")
@pytest.mark.parametrize("case", ROWS)
def test_third(student, case):
    """Third."""
    assert student.double(case) == deeper(case) - 1
'''


def parts(folder: Path, hidden: str = HELPERS, **files: str) -> SuiteParts:
    """The parts of a toy topic with this hidden suite and these other files."""
    topic = folder / "toy"
    shutil.rmtree(topic, ignore_errors=True)
    shutil.copytree(toy_course(folder / "made").path, topic) if not (folder / "made").exists() else None
    if not topic.exists():
        shutil.copytree(folder / "made" / "solutions" / "toy", topic)
    (topic / "tests" / "test_hidden.py").write_text(hidden, encoding="utf-8")
    for name, text in files.items():
        path = topic / (name.replace("__", "/") + ".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return suite_parts(read_topic(topic))


def edited(old: SuiteParts, new: SuiteParts) -> set[str]:
    """The checks whose own part changed; everything, if what all share did."""
    if old.shared != new.shared:
        return {"everything"}
    return {name for name in old.checks if old.checks[name] != new.checks[name]}


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        ("LIMIT = 3\n", "LIMIT = 3  # as in the lesson\n\n\n", set()),
        ("assert student.double(table) == ROWS", "assert student.double(table) != ROWS", {"test_first"}),
        ("== only_second(case)", "== only_second(case) + 0", {"test_second"}),
        ("    return deeper(x)", "    return deeper(x) + 1", {"test_second"}),
        ("    return x + 1", "    return x + 2", {"test_second", "test_third"}),
        ('"case", [1, 2]', '"case", [1, 2, 3]', {"test_second"}),
        ('"case", ROWS', '"case", ROWS[:1]', {"everything"}),
        ("LIMIT = 3", "LIMIT = 4", {"everything"}),
        ("[LIMIT] * 2", "[LIMIT] * 3", {"everything"}),
        ("return [1, 2]", "return [1, 3]", {"everything"}),
        ("    pass", "    print()", {"everything"}),
        ('depends("test_first")', 'depends("test_third")', {"everything"}),
        ('"""Second."""', '"""Another title."""', {"everything"}),
        ("student, table", "student, table=None", {"everything"}),
        ("def test_third", "def test_fourth", {"everything"}),
        ("def test_third", "def test_first", {"everything"}),
        ("    return x + 1", "    global LIMIT\n    return x + 1", {"everything"}),
        ("    return x + 1", "    return globals()['LIMIT']", {"everything"}),
        ("    return x + 1", "    return deeper.__globals__['LIMIT']", {"everything"}),
        ("import functools", "import functools, inspect", {"everything"}),
        ("import functools", "import functools\nfrom test_public import *", {"everything"}),
    ],
)
def test_an_edit_is_as_narrow_as_can_be_shown(tmp_path: Path, old: str, new: str, touched: set[str]) -> None:
    """A body, a literal case and a helper belong to the checks that name them; all else belongs to every check."""
    assert old in HELPERS
    assert touched == edited(parts(tmp_path), parts(tmp_path, HELPERS.replace(old, new)))


@pytest.mark.parametrize("file", ["tests__oracle", "support", "probes", "toy", "tests__conftest"])
def test_another_file_belongs_to_every_check(tmp_path: Path, file: str) -> None:
    """Oracles, what students import, probes and the reference."""
    assert {"everything"} == edited(parts(tmp_path, **{file: "A = 1\n"}), parts(tmp_path, **{file: "A = 2\n"}))


def test_a_suite_that_reaches_itself_has_no_narrow_edits(tmp_path: Path) -> None:
    """Once code may name what it does not write, every edit touches everything."""
    reaching = HELPERS + "\n\ndef other():\n    return eval('deeper')\n"
    assert {} == parts(tmp_path, reaching).checks
    assert {"everything"} == edited(parts(tmp_path, reaching), parts(tmp_path, reaching.replace("x + 1", "x + 2")))


def grade(*verdicts: Verdict, gradable: bool = True) -> Grade:
    """A grade of checks one, two and so on."""
    names = ("one", "two", "three")
    checks = tuple(
        CheckGrade(name, "double", name, verdict, 0.0, 1.0, "hidden")
        for name, verdict in zip(names, verdicts, strict=False)
    )
    return Grade("ada", "toy.py", "d", gradable, 0.0, 3.0, 0.0, checks=checks)


OLD = SuiteParts("loading", "shared", {"one": "1", "two": "2"}, "answers")
EDITED = SuiteParts("loading", "shared", {"one": "1", "two": "changed"}, "answers")
TAUGHT = SuiteParts("loading", "shared", {"one": "1", "two": "2"}, "more answers")
CHANGED = SuiteParts("loading", "changed", {"one": "1", "two": "2"}, "answers")
RELOADED = SuiteParts("changed", "changed", {"one": "1", "two": "2"}, "answers")


@pytest.mark.parametrize(
    ("new", "verdicts", "expected"),
    [
        (OLD, (Verdict.FAILED, Verdict.FAILED), True),
        (EDITED, (Verdict.FAILED, Verdict.SKIPPED), True),
        (EDITED, (Verdict.PASSED, Verdict.PASSED), False),
        (EDITED, (Verdict.PASSED, Verdict.FAILED), False),
        (EDITED, (Verdict.FAILED,), False),
        (TAUGHT, (Verdict.PASSED, Verdict.PASSED), True),
        (TAUGHT, (Verdict.PASSED, Verdict.RAISED), False),
        (CHANGED, (Verdict.PASSED, Verdict.PASSED), False),
    ],
)
def test_a_submission_is_untouched_only_if_no_edited_check_ran(
    new: SuiteParts, verdicts: tuple[Verdict, ...], expected: bool
) -> None:
    """What is taught about mistakes touches who fails something."""
    assert expected == untouched(grade(*verdicts), OLD, new)


def test_what_could_not_be_loaded_depends_on_no_check() -> None:
    """Only on what loads it."""
    assert untouched(grade(gradable=False), OLD, CHANGED)
    assert not untouched(grade(gradable=False), OLD, RELOADED)


def test_most_checks_of_the_course_can_be_edited_alone() -> None:
    """The rules are not so careful that they are of no use."""
    solutions = Path(__file__).parents[2] / "solutions"
    for slug in ("convolution", "pooling", "vgg"):
        topic = read_topic(solutions / slug)
        found = suite_parts(topic)
        tests = [line for file in topic.tests.glob("test_*.py") for line in file.read_text("utf-8").splitlines()]
        assert sum(line.startswith("def test_") for line in tests) == len(found.checks)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The toy course and its class, one of whom fails only the check that depends on another."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {**CLASS, "kit.py": NOTHING_REFUSED})
    return tmp_path


def edit(course: Path, old: str, new: str, file: str = "tests/test_hidden.py") -> None:
    """Replace ``old`` in a file of the topic."""
    path = course / "solutions" / "toy" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def ok(ran: Ran) -> Any:
    """What a command printed as JSON."""
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def reused(ran: Ran) -> int:
    """How many submissions were not graded again."""
    assert ran.code == 0, ran.err
    first = ran.err.splitlines()[0]
    return int(first.split(", ")[1].split()[0]) if "graded before" in first else 0


def test_only_what_an_edited_hidden_check_touches_is_graded_again(course: Path, grader: Command) -> None:
    """Those it was SKIPPED for, and those that can't be loaded, are not; the movements are those of a full regrade."""
    before = {each["student"]: each for each in ok(grader(course, *GRADE))["submissions"]}
    edit(course, "assert_raises(ValueError, student.total, [])", "assert_equal(student.total([2]), 2)")
    ran = grader(course, *GRADE)
    untouched = [
        each
        for each in before.values()
        if not each["gradable"]
        or any(check["id"] == "test_total_nothing" and check["verdict"] == "SKIPPED" for check in each["checks"])
    ]
    assert 0 < len(untouched) == reused(ran) < len(before)
    assert 0 == reused(grader(course, *GRADE, "--force"))
    partial, full = (ok(grader(course, "diff", "1", run, "--format", "json"))["movements"] for run in ("2", "3"))
    assert partial == full
    assert ["kit"] == [each["student"] for each in partial]
    assert [("test_total_nothing", "FAILED", "PASSED")] == [
        (check["id"], check["before"], check["after"]) for check in partial[0]["checks"]
    ]
    assert "nobody moves" in grader(course, "diff", "2", "3").out


def test_a_comment_in_the_suite_regrades_nobody(course: Path, grader: Command) -> None:
    """Nor does its layout; and taking an edit back finds the grades of before."""
    assert 0 == reused(grader(course, *GRADE))
    edit(course, "counter = assert_handle(student.Counter(5)", "# five\n    counter = assert_handle(student.Counter(5)")
    assert 10 == reused(grader(course, *GRADE))
    edit(course, "    # five\n", "")
    edit(course, "student.Counter(5)", "student.Counter( 5 )")
    assert 10 == reused(grader(course, *GRADE))
    edit(course, "[limits]\n", "[limits]\n\n", file="topic.toml")
    assert 0 == reused(grader(course, *GRADE))


def test_a_new_known_answer_is_looked_for_in_what_fails(course: Path, grader: Command) -> None:
    """Who passes everything, and who can't be loaded, is not graded again."""
    before = ok(grader(course, *GRADE))["submissions"]
    edit(course, 'title = "The array is squared', 'title = "All of it is squared', file="submissions/squared.py")
    whole = [each for each in before if each["score"] == each["max_score"] or not each["gradable"]]
    ran = grader(course, *GRADE)
    assert len(whole) == reused(ran)
    named = {each["student"]: each["mistakes"] for each in json.loads(ran.out)["submissions"]}
    assert "All of it is squared" in json.dumps(named["cyd"])
