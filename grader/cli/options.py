"""Arguments that several verbs share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.core.course import authored_topics, course_root, open_topic
from grader.core.topic import Topic

if TYPE_CHECKING:
    from grader.autograde.desk import Desk
    from grader.report.reading import Reading

out = click.option(
    "--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True, help="folder for what is written"
)
gradebook = click.option("--gradebook", default="", help="file or SQLAlchemy URL [default: OUT/gradebook.db]")
written_gradebook = click.option(
    "--gradebook", default="out/gradebook.db", show_default=True, help="file or SQLAlchemy URL"
)
format_ = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
sandbox = click.option(
    "--sandbox",
    type=click.Choice(["auto", "full", "landlock", "none"]),
    default="auto",
    show_default=True,
    help="none: no confinement at all, for code that you trust",
)


PROBE_SWITCH_SECONDS = 0.0002
"""How long the probe, which waits for the system again and again, waits each time for a thread that imports.

By Python's own 5 ms it takes twice as long.
"""

_COLOURS = {"good": "green", "bad": "red", "ours": "yellow", "idle": "bright_black"}


def paint(text: str, tone: str) -> str:
    """``text`` in its tone's colour unless NO_COLOR is set (no-color.org); ``click.echo`` colours terminals only."""
    if os.environ.get("NO_COLOR") or tone not in _COLOURS:
        return text
    return click.style(text, fg=_COLOURS[tone])


def columns() -> int:
    """How wide the terminal is (``COLUMNS`` says otherwise); 80 where output goes elsewhere."""
    return shutil.get_terminal_size((80, 24)).columns


def sandbox_level(choice: str) -> str:
    """The level for a ``--sandbox`` choice, proved by a live probe; SandboxError if the host can't."""
    from grader.sandbox.levels import chosen_level

    return chosen_level(choice)


@contextmanager
def sandbox_probed(choice: str) -> Iterator[Callable[[], str]]:
    """As ``sandbox_level``, found out while other things are done: what is given waits for it."""

    def level() -> str:
        before = sys.getswitchinterval()
        sys.setswitchinterval(PROBE_SWITCH_SECONDS)
        try:
            return sandbox_level(choice)
        finally:
            sys.setswitchinterval(before)

    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(level).result


def topics_named(names: tuple[str, ...]) -> list[Topic]:
    """The topics called ``names``, or all of the course."""
    if names:
        return [open_topic(name) for name in names]
    return authored_topics(None)


def print_json(value: object) -> None:
    """Print ``value`` as indented JSON, for scripts."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


@contextmanager
def opened_desk(gradebook: str) -> Iterator[Desk]:
    """An existing gradebook under the course's policy; GradebookError if there is none."""
    from grader.autograde.desk import Desk
    from grader.core.policy import read_policy
    from grader.gradebook import Gradebook

    with Gradebook.open_existing(gradebook) as book:
        yield Desk(book, read_policy(course_root()))


def title_and_reading(slug: str) -> tuple[str, Reading]:
    """A topic's title, and what its feedback sends students to; its slug and nothing if it is gone."""
    from grader.core.course import open_topic
    from grader.core.errors import CourseError
    from grader.report.reading import NO_READING, reading_of

    try:
        topic = open_topic(slug)
    except CourseError:
        return slug, NO_READING
    return topic.config.title, reading_of(topic)
