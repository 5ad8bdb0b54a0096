"""What is not documented does not merge."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import get_args

import click
import msgspec
import pytest

from course.cli.main import CourseVerbs
from course.cli.main import cli as course_cli
from grader import testing
from grader.cli.main import VERBS, cli
from grader.core.late import Extension, LateRules
from grader.core.policy import Policy, read_policy
from grader.core.topic import Ban, Limits, Task, Tolerance, TopicFile, find_topics
from grader.core.verdict import MEANING, Verdict
from grader.sandbox.levels import PROMISES
from grader.session.plugin import MARKS
from grader.wire import messages

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_is_documented(verdict: Verdict) -> None:
    """In ARCHITECTURE, and in words."""
    assert f"`{verdict}`" in read("grader/ARCHITECTURE.md")
    assert MEANING[verdict]


@pytest.mark.parametrize(
    "message",
    [
        kind.__name__
        for union in (messages.ToWorker, messages.FromWorker, messages.ToZygote, messages.FromZygote)
        for kind in get_args(union)
    ],
)
def test_each_message_is_documented(message: str) -> None:
    """In ARCHITECTURE."""
    assert f"`{message}`" in read("grader/ARCHITECTURE.md")


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_documented(verb: str) -> None:
    """In the README or with the authors' guide, and by its own help."""
    assert f"grader {verb}" in read("README.md") + read("grader/AUTHORING.md")
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None
    assert command.help


@pytest.mark.parametrize("verb", CourseVerbs.verbs)
def test_each_verb_of_the_students_is_documented(verb: str) -> None:
    """In the README, and by its own help."""
    assert f"course {verb}" in read("README.md")
    command = course_cli.get_command(click.Context(course_cli), verb)
    assert command is not None
    assert command.help


@pytest.mark.parametrize("struct", [TopicFile, Task, Limits, Tolerance, Ban, Policy, LateRules, Extension])
def test_each_key_of_a_topic_and_of_the_course_is_documented(struct: type[msgspec.Struct]) -> None:
    """In AUTHORING."""
    text = read("grader/AUTHORING.md")
    tables = {"tasks", "limits", "tolerance", "banned", "late", "due", "weights", "extensions"}
    missing = [
        name
        for name in struct.__struct_fields__
        if f"`{name}`" not in text and not (name in tables and f"[{name}]" in text)
    ]
    assert [] == missing


def test_the_shipped_rules_of_the_course_make_nothing_late() -> None:
    """Deadlines are each course's own."""
    assert read_policy(ROOT).due == {}


def test_what_authors_import_is_documented() -> None:
    """Every assertion and every mark, in AUTHORING."""
    text = read("grader/AUTHORING.md")
    functions = [name for name in testing.__all__ if name.startswith("assert_")]
    assert [] == [name for name in functions if name not in text]
    assert [] == [mark for mark in MARKS if mark not in text]


def test_each_proof_in_security_exists() -> None:
    """A test that SECURITY names is there, under that name."""
    paths = [path for half in ("grader", "course") for path in (ROOT / half / "tests").glob("test_*.py")]
    tests = "".join(path.read_text(encoding="utf-8") for path in paths)
    named = re.findall(r"\btest_\w+(?!\.py)\b", read("grader/SECURITY.md"))
    files = {path.stem for path in paths}
    assert named
    assert [] == [name for name in named if name not in files and f"def {name}(" not in tests]


def test_each_attempt_has_a_promise() -> None:
    """What the probe tries and what doctor prints are the same list."""
    text = read("grader/sandbox/attempts.py")
    assert list(PROMISES) == re.findall(r"@attempt\ndef (\w+)", text)


def test_each_topic_has_its_tox_environment() -> None:
    """And every environment has a description."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read_string(read("tox.ini"))
    environments = {name.removeprefix("testenv:") for name in tox.sections() if name.startswith("testenv:")}
    topics = {topic.slug for topic in find_topics(ROOT / "solutions")}
    assert topics <= environments
    assert {"lint", "types", "layers", "tests", "audit", "demo"} <= environments
    assert [] == [name for name in environments if not tox[f"testenv:{name}"].get("description")]


def test_the_readme_fits_a_screen_and_its_links_lead_somewhere() -> None:
    """One screen is some sixty lines."""
    text = read("README.md")
    assert len(text.splitlines()) <= 65
    links = re.findall(r"\]\(([^)]+)\)|<img src=\"([^\"]+)\"", text)
    assert links
    assert [] == [link for link in map("".join, links) if not (ROOT / link).exists()]
