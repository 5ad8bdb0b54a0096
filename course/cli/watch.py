"""``course watch [TOPIC]``: checks again whenever a file is saved."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli.form import say

if TYPE_CHECKING:
    from course.checks.watching import Do, Event
    from grader.autograde.local import Check
    from grader.core.grade import Graded
    from grader.core.memory import Memory
    from grader.core.topic import Topic

STEP_MS = 50
"""How long no further change may come before a save counts as whole."""

DEBOUNCE_MS = 400


@click.command("watch")
@click.argument("topic", required=False)
def command(topic: str | None) -> int:
    """Check a topic whenever you save its file, and show the first check that fails.

    Starts with TOPIC, or with the first topic that is not done; saving another topic's file goes on with that one.
    On a terminal: h shows a hint, n goes to the next topic, l lists all, q quits. Elsewhere plain lines are printed.
    """
    from course.checks.progress import next_topic, progress_rows
    from course.cli.checking import all_exercises
    from course.cli.keys import keys
    from grader.core.course import open_exercise
    from grader.core.memory import Memory

    root, exercises = all_exercises()
    memory = Memory(root)
    if topic is not None:
        open_exercise(topic, root)
    current = topic or next_topic(progress_rows(exercises, memory)) or exercises[0].slug
    events: queue.Queue[Event] = queue.Queue()
    screen = _Screen(exercises, memory, root)
    try:
        with _saves(exercises, events), keys(lambda key: _press(events, key)):
            following: str | None = current
            while following is not None:
                following = screen.stay_with(following, events)
    except KeyboardInterrupt:
        pass
    click.echo("stopped watching")
    return 0


class _Screen:
    """One topic after the other, each with its suite collected once."""

    def __init__(self, exercises: list[Topic], memory: Memory, root: Path) -> None:
        self._exercises = {exercise.slug: exercise for exercise in exercises}
        self._memory = memory
        self._root = root

    def stay_with(self, slug: str, events: queue.Queue[Event]) -> str | None:
        """Check ``slug`` now and at each save, until another topic is asked for (returned) or the end (None)."""
        from grader.autograde.local import open_checks

        following: list[str | None] = []

        def body(check: Check) -> None:
            self._check(slug, check)
            following.append(self._wait(slug, check, events))

        open_checks(self._exercises[slug], body, ahead=True)
        return following[0]

    def _wait(self, slug: str, check: Check, events: queue.Queue[Event]) -> str | None:
        from course.checks.progress import progress_rows
        from course.checks.watching import decide, latest

        while True:
            pending = latest(_drained(events))
            while pending:
                event = pending.pop(0)
                do = decide(event, slug, progress_rows(list(self._exercises.values()), self._memory))
                if do.what == "quit":
                    return None
                if do.what == "check" and do.topic != slug:
                    for later in pending:
                        events.put(later)
                    return do.topic
                self._do(do, check)

    def _do(self, do: Do, check: Check) -> None:
        if do.what == "check":
            self._check(do.topic, check)
        elif do.what == "hint":
            self._hint(do.topic)
        elif do.what == "list":
            self._list(do.topic)

    def _check(self, slug: str, check: Check) -> None:
        from course.cli.checking import check_and_remember
        from grader.core.errors import CourseError, SandboxError
        from grader.core.work import missing_words, work_file

        exercise = self._exercises[slug]
        file = work_file(exercise)
        click.clear()
        say(f"{slug} · {exercise.config.title}")
        try:
            if not file.is_file():
                say(missing_words(exercise, self._root))
            else:
                self._tell(exercise, check_and_remember(exercise, file, check, self._memory))
        except (CourseError, SandboxError) as error:
            # A file that is being replaced may be gone for a moment: the next save checks it.
            say(str(error))
        while self._memory.notes:
            say(f"note: {self._memory.notes.pop(0)}")
        self._footer()

    def _tell(self, exercise: Topic, graded: Graded) -> None:
        from course.cli.checking import all_passed, first_failure

        grade = graded.grade
        if grade.checks:
            passed = sum(check.verdict == "PASSED" for check in grade.checks)
            say(f"{passed} of {len(grade.checks)} checks passed")
        say("")
        if all_passed(graded):
            say("Every public check passes. Hidden checks run when your work is graded.")
        else:
            say(first_failure(graded))

    def _hint(self, slug: str) -> None:
        from course.checks.hints import next_hint
        from course.checks.progress import first_open_task
        from grader.core.errors import CourseError

        exercise = self._exercises[slug]
        try:
            hint = next_hint(exercise, first_open_task(exercise, self._memory), self._memory)
            say(f"\n{hint.task}, hint {hint.number} of {hint.of}: {hint.text}")
        except CourseError as error:
            say(f"\n{error}")

    def _list(self, slug: str) -> None:
        from course.checks.progress import progress_rows

        click.clear()
        for row in progress_rows(list(self._exercises.values()), self._memory):
            mark = "→" if row.topic == slug else " "
            click.echo(f"{mark} {row.topic}: {row.standing}, {row.checks_passed} of {row.checks} checks")
        self._footer()

    def _footer(self) -> None:
        from course.checks.watching import KEYS

        if sys.stdin.isatty() and sys.stdout.isatty():
            click.echo(f"\nwatching; {KEYS}")
        sys.stdout.flush()


def _press(events: queue.Queue[Event], key: str) -> None:
    from course.checks.watching import Pressed

    events.put(Pressed(key))


def _drained(events: queue.Queue[Event]) -> list[Event]:
    """The next event, waited for, and all others that are there already."""
    found: list[Event] = []
    while not found:
        try:
            # With a limit, because a wait without one can't be interrupted on Windows.
            found.append(events.get(timeout=0.5))
        except queue.Empty:
            continue
    while not events.empty():
        found.append(events.get())
    return found


@contextmanager
def _saves(exercises: list[Topic], events: queue.Queue[Event]) -> Iterator[None]:
    """While the block runs, put an event for each save of a student's file."""
    from watchfiles import Change, watch

    from course.checks.watching import Saved, Stopped
    from course.cli.beside import beside

    topics = {
        str(exercise.reference.with_suffix(suffix)): exercise.slug
        for exercise in exercises
        for suffix in (".py", ".ipynb")
    }

    def follow(done: threading.Event) -> None:
        changes = watch(
            *[exercise.path for exercise in exercises],
            # Editors' swap files and backups are none of ours.
            watch_filter=lambda change, path: path in topics and change is not Change.deleted,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            stop_event=done,
            recursive=False,
            raise_interrupt=False,
        )
        try:
            for batch in changes:
                for slug in dict.fromkeys(topics[path] for _, path in sorted(batch, key=lambda change: change[1])):
                    events.put(Saved(slug))
        finally:
            events.put(Stopped())

    with beside(follow):
        yield
