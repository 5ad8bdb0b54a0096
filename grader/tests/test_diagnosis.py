"""A mistake in a graded class: what is named, what it shows, and what is learnt and kept of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from grader.autograde.mistakes import TIMES
from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.answer import known_answers
from grader.core.grade import Graded
from grader.core.topic import Topic
from grader.diagnosis import cache
from grader.report.html import feedback_html
from grader.report.text import grade_text
from grader.tests.classroom import toy_course
from grader.tests.toy import RIGHT, right_but
from grader.tests.traces import mistake
from grader.wire import messages as m

SQUARED = "import numpy as np\ndef double(x):\n    return np.array([n ** 2 for n in x.ravel()]).reshape(x.shape)\n"


EMPTY_TOTAL = "def total(numbers):\n    return sum(numbers)\n"


CLASS = {
    "right": RIGHT,
    "squared": right_but(SQUARED),
    "empty_total": right_but(EMPTY_TOTAL),
    "both": right_but(SQUARED + EMPTY_TOTAL),
    "tripled": right_but("def double(x):\n    return 3 * x\n"),
    "nothing": right_but("def double(x):\n    return None\n"),
    "squared_at_times": right_but(SQUARED.replace("n ** 2", "n ** 2 if n < 3 else 7.0")),
    "squared_and_changed": right_but("def double(x):\n    x *= x\n    return x\n"),
    "squared_by_name": right_but("import numpy\ndef double(numbers):\n    return numpy.square(numbers)  # so\n"),
    "raises": right_but("def double(x):\n    raise KeyError(x)\n"),
    "no python": "def double(:",
}


def grade(topic: Topic, texts: dict[str, str], *, measure: bool = False) -> dict[str, Graded]:
    """Every submission's grade, by the path that grades students; with ``measure``, that audits."""
    submissions = [
        Submission(name, "toy.py", hashlib.sha256(text.encode()).hexdigest(), (m.Cell(text, "toy.py"),))
        for name, text in texts.items()
    ]
    return {graded.grade.student: graded for graded in grade_all(topic, submissions, "none", 1, measure=measure)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """The class, graded once."""
    return grade(toy_course(tmp_path_factory.mktemp("course")), CLASS)


@pytest.mark.parametrize(
    ("student", "named"),
    [
        ("right", []),
        ("squared", ["squared"]),
        ("empty_total", ["empty-total"]),
        ("both", ["empty-total", "squared"]),
        ("tripled", []),
        ("nothing", []),
        ("squared_at_times", []),
        ("squared_and_changed", ["squared"]),
        ("squared_by_name", ["squared"]),
        ("raises", []),
        ("no python", []),
    ],
)
def test_what_is_named(graded: dict[str, Graded], student: str, named: list[str]) -> None:
    """The mistake of each task, however it is written; nothing where the answers are other ones."""
    assert named == sorted(mistake.id for mistake in graded[student].grade.mistakes)


def test_a_mistake_says_on_how_many_checks_it_agrees(graded: dict[str, Graded]) -> None:
    """Its title, and a count for each task."""
    (mistake,) = graded["squared"].grade.mistakes
    expected = "The array is squared, not doubled: it agrees with your answers on 2 checks of double"
    assert expected == mistake.evidence
    assert "Twice x is x + x; x * x is its square." == mistake.hint


def test_the_instructor_sees_the_line_that_makes_it(graded: dict[str, Graded]) -> None:
    """If it looks like the known answer's, under other names; else none is shown, nor is it in what a student reads."""
    assert {"squared": "return numpy.square(numbers)  # so"} == graded["squared_by_name"].evidence.lines
    assert {} == graded["squared"].evidence.lines == graded["right"].evidence.lines
    assert "numpy.square" not in grade_text(graded["squared_by_name"].grade)


def test_it_stands_at_the_task_it_belongs_to(graded: dict[str, Graded]) -> None:
    """The first check that shows it tells title and hint, the next one the title."""
    messages = {check.id: check.message for check in graded["both"].grade.checks}
    assert "hint: The array is squared, not doubled. Twice x is x + x" in messages["test_double_small"]
    assert messages["test_double_table"].endswith("hint: The array is squared, not doubled")
    assert "hint: An empty list adds up to 0." in messages["test_total_nothing"]
    assert not any("hint:" in messages[check] for check in ("test_counter_plus", "test_double_unchanged"))


def test_feedback_shows_it_and_no_hidden_value(graded: dict[str, Graded]) -> None:
    """Text and HTML name it; nothing that a hidden check sent or expected is in them."""
    grade = graded["both"].grade
    html = feedback_html(grade).partition("</style>")[2]
    for page in (grade_text(grade), html):
        assert "Twice x is x + x" in page
        assert "agrees with your answers on 2 checks of double" in page
        # Squares of the hidden table's elements, and the hidden numbers.
        assert not any(secret in page for secret in ("6.25", "2.25", "0.25", "675", "8000000", "CANARY"))


def test_without_a_failure_nothing_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class in which all is right runs no known answer and writes no cache; the first mistake does both."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    topic = toy_course(tmp_path)
    grade(topic, {"right": RIGHT})
    assert not cache.cache_folder().exists()
    assert ["squared"] == [x.id for x in grade(topic, {"a": right_but(SQUARED)})["a"].grade.mistakes]
    assert 1 == len(list(cache.cache_folder().glob("*.known")))


COUNTED = """# /// answer
# mistake = "{name}"
# title = "{name}"
# hint = "{name}"
# points = {{double = 0, total = 0, Counter = 0}}
# ///
{code}
with open({log!r}, "a") as file:
    file.write("loaded\\n")
"""


def test_an_audit_runs_a_known_answer_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it learnt from is graded, with the grades that running it again gives; where chance plays a part, it is."""
    topic = toy_course(tmp_path)
    chance = "import random\ndef double(x):\n    return x + random.SystemRandom().random()\n"
    for name, code in (("counted", right_but("def double(x):\n    return 5 * x\n")), ("chance", right_but(chance))):
        text = COUNTED.format(name=name, log=str(tmp_path / name), code=code)
        (topic.path / "submissions" / f"{name}.py").write_text(text, encoding="utf-8")
    texts = {"stub": right_but("def double(x):\n    return None\n"), "right": RIGHT}
    texts |= {answer.name: answer.text for answer in known_answers(topic)}
    found = {}
    for measure in (False, True):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache {measure}"))
        graded = grade(topic, texts, measure=measure)
        found[measure] = {name: msgspec.structs.replace(graded[name].grade, seconds=0.0) for name in graded}
        loads = [len((tmp_path / name).read_text(encoding="utf-8").split()) for name in ("counted", "chance")]
        assert [1 if measure else 2, TIMES + 1] == loads
        # Its message shows what it drew.
        del found[measure]["chance"]
        for name in ("counted", "chance"):
            (tmp_path / name).unlink()
    assert found[False] == found[True]
    assert ["counted"] == [mistake.id for mistake in found[True]["counted"].mistakes]


DRAWN = """
import numpy as np
np.random.random({draws})
def double(x):
    return (2 if x.size == 2 and np.random.random() < 0.5 else {factor}) * x
"""


def test_the_name_of_a_mistake_does_not_hang_on_what_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else a submission draws: with other draws, what is wrong by chance is wrong elsewhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    topic = toy_course(tmp_path)
    text = COUNTED.format(name="drawn", log=str(tmp_path / "log"), code=right_but(DRAWN.format(draws=0, factor=7)))
    (topic.path / "submissions" / "drawn.py").write_text(text, encoding="utf-8")
    texts = {
        f"{factor}, {draws}": right_but(DRAWN.format(draws=draws, factor=factor))
        for draws in (0, 4, 6, 9)
        for factor in (7, 8)
    }
    named = {name: [mistake.id for mistake in entry.grade.mistakes] for name, entry in grade(topic, texts).items()}
    assert {name: ["drawn"] if name.startswith("7") else [] for name in texts} == named


@pytest.mark.parametrize("damage", [b"", b"rubbish", b"x" * 40])
def test_a_damaged_cache_is_learnt_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes) -> None:
    """It names as before, and the file is whole again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    topic = toy_course(tmp_path)
    file = cache.cache_file(cache.cache_folder(), topic, known_answers(topic), "none")
    file.parent.mkdir(parents=True)
    file.write_bytes(damage)
    assert ["squared"] == [x.id for x in grade(topic, {"a": right_but(SQUARED)})["a"].grade.mistakes]
    assert cache.load(file) is not None


def test_a_cache_is_read_back_as_it_was(tmp_path: Path) -> None:
    """One flipped bit anywhere makes it nothing; another suite, answer or sandbox has another file."""
    known = (mistake("a", {"t": [3.0, 4.0]}),)
    file = tmp_path / "deep" / "toy.known"
    cache.store(file, known)
    assert known == cache.load(file)
    data = file.read_bytes()
    for place in range(0, len(data), 7):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert cache.load(file) is None
    topic = toy_course(tmp_path)
    answers = known_answers(topic)
    files = {
        cache.cache_file(tmp_path, topic, answers, "full"),
        cache.cache_file(tmp_path, topic, answers, "none"),
        cache.cache_file(tmp_path, topic, answers[1:], "full"),
    }
    assert 3 == len(files)


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """What can't be kept is computed again."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    cache.store(tmp_path / "file" / "toy.known", ())
    assert cache.load(tmp_path / "file" / "toy.known") is None
