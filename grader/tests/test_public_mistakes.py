"""A student's own check names mistakes by digests of wrong public answers, which give nothing else away."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.autograde.local import check_file
from grader.autograde.public import is_current, make_current
from grader.core.answer import known_answers
from grader.core.grade import Graded
from grader.core.topic import Topic, read_topic
from grader.diagnosis.answers import Leaf
from grader.diagnosis.public import MISTAKES, PublicMistakes, _rounded, read_public, write_public
from grader.release.twin import write_twin
from grader.tests.classroom import toy_course
from grader.tests.toy import RIGHT, right_but

SQUARED = right_but("import numpy as np\ndef double(x):\n    return np.asarray([v * v for v in x.tolist()], float)\n")


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Topic:
    """The toy's twin, released with what its check may know of mistakes."""
    topic = toy_course(tmp_path_factory.mktemp("course"))
    make_current(topic)
    folder = tmp_path_factory.mktemp("exercises")
    write_twin(topic, folder)
    return read_topic(folder / topic.slug)


def check(exercise: Topic, text: str, tmp_path: Path) -> Graded:
    """The student's own check of ``text``."""
    file = tmp_path / "toy.py"
    file.write_text(text, encoding="utf-8")
    return check_file(exercise, file, debug=False)


def test_a_students_own_check_names_the_mistake(exercise: Topic, tmp_path: Path) -> None:
    """Title, hint and count, as in the feedback of a graded submission."""
    graded = check(exercise, SQUARED, tmp_path)
    assert ["squared"] == [mistake.id for mistake in graded.grade.mistakes]
    assert any("hint: The array is squared, not doubled. Twice x is" in item.message for item in graded.grade.checks)


@pytest.mark.parametrize(
    "body", ["return 3 * x", "return None", "raise KeyError(x)", "return x", "raise NotImplementedError"]
)
def test_another_mistake_has_no_name(exercise: Topic, tmp_path: Path, body: str) -> None:
    """Another value, nothing, an exception, the stub."""
    assert () == check(exercise, right_but(f"def double(x):\n    {body}\n"), tmp_path).grade.mistakes


def test_a_right_answer_has_no_mistake(exercise: Topic, tmp_path: Path) -> None:
    """And nothing fails."""
    graded = check(exercise, RIGHT, tmp_path)
    assert ("PASSED",) * len(graded.grade.checks) == tuple(item.verdict for item in graded.grade.checks)
    assert () == graded.grade.mistakes


@pytest.mark.parametrize("damage", [b"", b"{", b'{"made_from": 1}', b"\xff\xfe", b"[]"])
def test_a_damaged_file_only_costs_the_names(exercise: Topic, tmp_path: Path, damage: bytes) -> None:
    """The check itself runs as before."""
    whole = (exercise.path / MISTAKES).read_bytes()
    try:
        (exercise.path / MISTAKES).write_bytes(damage)
        graded = check(exercise, SQUARED, tmp_path)
    finally:
        (exercise.path / MISTAKES).write_bytes(whole)
    assert graded.grade.gradable
    assert () == graded.grade.mistakes


def test_the_file_follows_what_it_was_made_from(tmp_path: Path) -> None:
    """It is made once, again where a known answer changes, always the same; nothing is run to see that."""
    topic = toy_course(tmp_path)
    assert not is_current(topic)
    make_current(topic)
    assert is_current(topic)
    first = (topic.path / MISTAKES).read_bytes()
    answer = next(answer for answer in known_answers(topic) if answer.header.mistake == "squared")
    answer.path.write_text(answer.text + "\n# once more\n", encoding="utf-8")
    assert not is_current(topic)
    answer.path.write_text(answer.text, encoding="utf-8")
    config = topic.path / "topic.toml"
    named = config.read_text(encoding="utf-8").replace("[[tasks]]\n", '[[tasks]]\nsection = "Where to read"\n')
    config.write_text(named, encoding="utf-8")
    assert is_current(topic)
    (topic.path / MISTAKES).unlink()
    make_current(topic)
    assert first == (topic.path / MISTAKES).read_bytes()


def test_a_topic_without_known_mistakes_needs_no_file(tmp_path: Path) -> None:
    """And one that is left over goes."""
    topic = toy_course(tmp_path)
    make_current(topic)
    for answer in known_answers(topic):
        answer.path.unlink()
    assert not is_current(topic)
    make_current(topic)
    assert is_current(topic)
    assert not (topic.path / MISTAKES).exists()


def test_the_file_is_read_back_as_it_was() -> None:
    """And nothing else is read."""
    public = PublicMistakes("digest", ())
    assert public == read_public(write_public(public))
    assert read_public(b"null") is None


def _leaf(*numbers: float) -> Leaf:
    return Leaf("value", "array <f8", np.array(numbers).tobytes())


def test_rounding_forgets_what_machines_disagree_on() -> None:
    """A sum's last digits, the sign of zero, what is left of a sum of 0; a difference in the fourth digit counts."""
    one = _leaf(0.1 + 0.2, -0.0, 1e-17, 1234.0)
    other = _leaf(0.3, 0.0, 0.0, 1234.0 * (1 + 1e-12))
    assert _rounded(one) == _rounded(other)
    assert _rounded(one) != _rounded(_leaf(0.3, 0.0, 0.0, 1235.0))
    assert _rounded(_leaf(3e-8)) == _rounded(_leaf(-2e-8))
    assert _rounded(_leaf(np.nan, np.inf)) != _rounded(_leaf(np.nan, -np.inf))


@given(
    st.fractions(-4, 4, max_denominator=6) | st.integers(-256, 256).map(lambda n: Fraction(n, 64)),
    st.sampled_from([1, 10, 0.001]),
    st.floats(-2e-7, 2e-7),
)
def test_rounding_forgets_the_last_bit_of_float32(number: Fraction, scale: float, error: float) -> None:
    """Also of numbers that lie half-way between two decimals, and of a largest number that is a power of ten."""
    exact = float(number) * scale
    assert _rounded(_leaf(exact, scale)) == _rounded(_leaf(exact + error * scale, scale * (1 + error)))
