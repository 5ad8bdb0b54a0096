"""What can be said of a topic's files without running any: lesson, hints, a review's plan, known answers, the twin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.audit.finding import Finding
from grader.autograde.public import is_current
from grader.core.answer import KnownAnswer
from grader.core.review import REVIEW_FILE, Key
from grader.core.topic import Topic
from grader.release.twin import FIGURES, MISTAKES, stale

HINTS = 3

RIGHT_OF_EXERCISE = 3
RIGHT_OF_REVIEW = 1
"""Right answers, beside the reference, that a suite must be seen to accept."""

BUGS = range(1, 4)
INNOCENT = 2
LINES = range(40, 101)
"""What a review holds: few bugs, some lines that only look odd, and no more than can be read at a sitting."""

_EXPECTED_FILES = {
    "topic.toml",
    "equivalent.toml",
    "README.md",
    "support.py",
    "probes.py",
    "tests",
    "submissions",
    "figures",
    MISTAKES,
}

_EXERCISES_ONLY = {"submissions"}
"""A review's known answers are its planted bugs."""

_HEADING = re.compile(r"^#{2,4} +(.*?) *$", re.MULTILINE)
_FIGURE = re.compile(rf"!\[[^\]]*\]\(({FIGURES}/[^)\s]+)")


def written(topic: Topic) -> Iterator[Finding]:
    """The lesson, hints, the topics that are named, and the files."""
    lesson = topic.path / "README.md"
    there = lesson.is_file() and bool(lesson.read_text(encoding="utf-8").strip())
    yield Finding("there is a lesson", there, "write README.md")
    for task in topic.config.tasks:
        yield Finding(
            f"{task.name} has {HINTS} hints",
            len(task.hints) == HINTS and all(hint.strip() for hint in task.hints),
            f"give {HINTS} hints of rising strength in topic.toml",
        )
    headings = _HEADING.findall(lesson.read_text(encoding="utf-8")) if there else []
    lost = sorted({task.section for task in topic.config.tasks if task.section and task.section not in headings})
    yield Finding("sections that tasks name are in the lesson", not lost, f"README.md has no heading {', '.join(lost)}")
    others = {path.parent.name for path in topic.path.parent.glob("*/topic.toml")} - {topic.slug}
    missing = sorted(set(topic.config.prerequisites + topic.config.unlocks) - others)
    yield Finding("its prerequisites and what it unlocks are topics", not missing, f"there is no {', '.join(missing)}")
    review = topic.config.kind == "review"
    known = _EXPECTED_FILES | {topic.reference.name}
    known = known - _EXERCISES_ONLY | {REVIEW_FILE} if review else known
    stray = sorted(
        path.name for path in topic.path.iterdir() if path.name not in known and path.name not in ("__pycache__",)
    )
    yield Finding("nothing is stray", not stray, f"move or delete {', '.join(stray)}")
    shown = set(_FIGURE.findall(lesson.read_text(encoding="utf-8"))) if lesson.is_file() else set()
    drawn = {f"{FIGURES}/{file.name}" for file in (topic.path / FIGURES).glob("*")}
    yield Finding(
        "the lesson shows the figures there are",
        shown == drawn,
        f"README.md and {FIGURES}/ disagree about {', '.join(sorted(shown ^ drawn))}",
    )


def reviewed(key: Key) -> Iterator[Finding]:
    """What a review's plan holds."""
    count, lines = len(key.bugs), len(key.code.splitlines())
    yield Finding(f"{BUGS[0]} to {BUGS[-1]} bugs are planted", count in BUGS, f"there are {count}")
    yield Finding("some lines only look odd", len(key.innocent) >= INNOCENT, f"name {INNOCENT} [[innocent]] or more")
    yield Finding(f"{LINES[0]} to {LINES[-1]} lines are to be read", lines in LINES, f"there are {lines}")


def enough(answers: list[KnownAnswer], least: int) -> Iterator[Finding]:
    """Wrong answers, and right ones, at ``least`` so many."""
    right = sum(answer.header.right for answer in answers)
    mistakes = [answer.header.mistake for answer in answers if not answer.header.right]
    yield Finding("right answers written differently are known", right >= least, f"there are {right} of {least}")
    words = {(a.header.mistake, a.header.title, a.header.hint) for a in answers if not a.header.right}
    once = len(set(mistakes)) == len(words)
    yield Finding("files of one mistake say the same of it", once, "give them the same title and the same hint")
    yield Finding("wrong answers are known", len(mistakes) >= 1, "add submissions that make the likely mistakes")


def current(topic: Topic, exercises: Path) -> Iterator[Finding]:
    """The released twin in ``exercises``, and the mistakes that it names."""
    old = stale(topic, exercises)
    # A new topic has none yet; `release --check` misses it.
    if (topic.path / MISTAKES).exists() and not is_current(topic):
        old.append(f"{topic.slug}/{MISTAKES} knows mistakes that have changed since")
    yield Finding(f"exercises/{topic.slug} is current", not old, f"run `grader release {topic.slug}`: {', '.join(old)}")
