"""The questions: complete, of interview length, and right to the last number."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
import torch

from course import content
from course.content import LEVELS, TAGS, TOPIC_TAGS, Question, figure_file, questions, read_question
from course.figures.reference import SOLUTIONS
from course.tests.facts import check_numbers
from grader.core.errors import CourseError
from grader.core.topic import find_topics

ROOT = Path(__file__).resolve().parents[2]
NAMED_FIRST = (
    "What is a convolution operation in a CNN?",
    "What is the role of stride in a convolution layer?",
    "What is the purpose of padding in a convolution layer?",
    "What is the difference between Max Pooling and Average Pooling?",
    "What is a feature map in a CNN?",
)
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
each = pytest.mark.parametrize("question", questions(), ids=[f"{question.number:02}" for question in questions()])


def test_there_are_twenty_six_the_five_named_first() -> None:
    """Numbered without a gap, and none asked twice."""
    assert list(range(1, 27)) == [question.number for question in questions()]
    assert NAMED_FIRST == tuple(question.title for question in questions()[:5])
    assert 26 == len({question.title for question in questions()})
    assert set(LEVELS) == {question.level for question in questions()}


@each
def test_a_question_is_complete(question: Question) -> None:
    """Known tags, an existing topic and figure, key points, follow-ups for either way the answer went."""
    assert question.tags
    assert set(TAGS) >= set(question.tags)
    assert (SOLUTIONS / question.topic / "topic.toml").is_file()
    assert question.figure is None or figure_file(question.figure, ROOT).is_file()
    assert 4 <= len(question.key_points) <= 6
    assert question.wrong_belief
    assert question.truth
    assert {"weak", "strong"} == {follow_up.after for follow_up in question.follow_ups}
    assert all(follow_up.key_points for follow_up in question.follow_ups)


@each
def test_an_answer_has_the_length_of_an_interview(question: Question) -> None:
    """100 to 250 words of prose; formulae and code are not counted."""
    prose = re.sub(r"\$\$.*?\$\$|\$.*?\$", " ", FENCE.sub("", question.answer), flags=re.DOTALL)
    assert 100 <= len(re.findall(r"[A-Za-z][\w'’-]*", prose)) <= 250


@each
def test_every_number_is_computed(question: Question) -> None:
    """In the answer, the key points, what is true, and the follow-ups; snippets are run by the next test."""
    check_numbers(FENCE.sub("", question.answer), question.facts, question.given)
    asked = [text for follow_up in question.follow_ups for text in (follow_up.ask, *follow_up.key_points)]
    texts = [*question.key_points, question.wrong_belief, question.truth, *asked]
    printed = tuple(output for _, output in _outputs(question))
    check_numbers("\n".join(texts), question.facts, (*question.given, *printed))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("A side of 113.", ("conv_out(224, 7, 2, 3) = 112",)),
        ("It has 1,793 parameters.", ("conv_params(3, 64, 3) = 1792",)),
        ("A side of 112.", ("conv_out(224, 7, 2, 2) = 112",)),
        ("It costs 0.12.", ()),
        ("$4.9 \\cdot 10^{11}$", ("round(224**4 * 192 / 1e11, 1) = 4.8",)),
    ],
)
def test_a_wrong_number_is_found(text: str, facts: tuple[str, ...]) -> None:
    """In the text or in the fact; a right one beside it passes."""
    check_numbers("A side of 112.", ("conv_out(224, 7, 2, 3) = 112",))
    with pytest.raises(AssertionError):
        check_numbers(text, facts)


@each
def test_every_snippet_prints_what_stands_below_it(question: Question) -> None:
    """A python block is followed by its output, in a text block."""
    for code, output in _outputs(question):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), torch.random.fork_rng():
            exec(compile(code, f"question {question.number}", "exec"), {})
        assert output == printed.getvalue()


def _outputs(question: Question) -> list[tuple[str, str]]:
    blocks = FENCE.findall(question.answer)
    assert ["python", "text"] * (len(blocks) // 2) == [language for language, _ in blocks]
    return [(code, output) for (_, code), (_, output) in zip(blocks[::2], blocks[1::2], strict=True)]


def test_every_topic_says_something_about_a_tag() -> None:
    """And each tag is asked for by a question."""
    assert {topic.slug for topic in find_topics(SOLUTIONS)} == set(TOPIC_TAGS)
    assert set(TAGS) >= {tag for tags in TOPIC_TAGS.values() for tag in tags}
    assert set(TAGS) == {tag for question in questions() for tag in question.tags}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front matter", "front matter"),
        ("+++\nnumber = \n+++\nx", "TOML"),
        ("+++\nnumber = 1\n+++\nx", "title"),
        ("+++\nnumber = 'one'\n+++\nx", "number"),
    ],
)
def test_a_broken_question_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    """It names the file and what is wrong."""
    file = tmp_path / "01.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=says) as refused:
        read_question(file)
    assert str(file) in str(refused.value)


def test_an_unknown_number_or_tag_names_what_there_is() -> None:
    """One sentence each."""
    with pytest.raises(CourseError, match="1 to 26"):
        content.question_numbered(27)
    with pytest.raises(CourseError, match="pooling"):
        content.known_tags(["poling"])
