"""The sample class: always the same, of every kind, and nobody's answer can be told from a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.autograde.sample import write_sample_class
from grader.autograde.submissions import discover
from grader.core.answer import known_answers
from grader.core.course import course_root
from grader.core.topic import Topic, find_topics
from grader.tests.classroom import toy_course

REAL = find_topics(course_root(Path(__file__)) / "solutions")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def toy(tmp_path: Path) -> Topic:
    """The toy topic, in a course of its own."""
    return toy_course(tmp_path)


def test_it_is_the_same_every_time(toy: Topic, tmp_path: Path) -> None:
    """Two classes of one topic are equal byte for byte, and writing over one changes nothing."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert write_sample_class(toy, first) == write_sample_class(toy, second)
    assert contents(first) == contents(second)
    before = contents(first)
    write_sample_class(toy, first)
    assert contents(first) == before


def test_students_are_anonymous(toy: Topic, tmp_path: Path) -> None:
    """They are numbered without a gap, and the order is not that of the answers' names."""
    count = write_sample_class(toy, tmp_path / "class")
    assert sorted(Path(name).stem for name in contents(tmp_path / "class")) == [
        f"student-{number:02}" for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("topic", REAL, ids=[topic.slug for topic in REAL])
def test_it_is_shuffled(topic: Topic, tmp_path: Path) -> None:
    """In a topic of the course the students' order is not the answers'."""
    write_sample_class(topic, tmp_path)
    handed_in = [content for name, content in contents(tmp_path).items() if name.endswith(".py")]
    in_order = [answer.text.encode() for answer in known_answers(topic) if answer.text.encode() in handed_in]
    assert [content for content in handed_in if content in in_order] != in_order


def test_every_known_answer_is_handed_in(toy: Topic, tmp_path: Path) -> None:
    """Each known answer, the stub and five files that are no answer at all: one student each."""
    assert write_sample_class(toy, tmp_path / "class") == len(known_answers(toy)) + 1 + 5


def test_files_and_notebooks_are_mixed(toy: Topic, tmp_path: Path) -> None:
    """Some hand in notebooks, one of which is cut off; some files are empty, or no text."""
    write_sample_class(toy, tmp_path / "class")
    found = discover(tmp_path / "class", toy.slug)
    assert {submission.notebook for submission in found} == {True, False}
    assert {submission.notebook for submission in found if submission.problem} == {True, False}
    assert [path.name for path in (tmp_path / "class").iterdir() if path.stat().st_size == 0] != []


@pytest.mark.parametrize("topic", REAL, ids=[topic.slug for topic in REAL])
def test_every_topic_of_the_course_has_one(topic: Topic, tmp_path: Path) -> None:
    """Each is found as it was written, every student once."""
    count = write_sample_class(topic, tmp_path)
    found = discover(tmp_path, topic.slug)
    assert len(found) == count
    assert len([submission for submission in found if submission.problem]) == 2
