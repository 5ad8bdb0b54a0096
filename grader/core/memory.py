"""What is remembered in ``.course/``: a topic's last check and the hints shown, one small JSON file a topic.

A file is replaced as a whole, so that a crash leaves the old or the new one. One that can't be read is set aside under
another name, with a note, and nothing else is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from grader.core.errors import CourseError
from grader.core.grade import Grade
from grader.core.verdict import Verdict
from grader.core.whole import write_whole

FOLDER = ".course"


class CheckState(msgspec.Struct, frozen=True):
    """A public check, as it went last."""

    id: str
    task: str
    title: str
    passed: bool


class Checked(msgspec.Struct, frozen=True):
    """The last check of a topic: of which bytes, and what came of it.

    ``cells`` are digests of the cells that a notebook had run, where these were checked and not the file, which had
    ``digest`` then.
    """

    digest: str
    gradable: bool
    points: float
    checks: tuple[CheckState, ...] = ()
    cells: tuple[str, ...] = ()

    @classmethod
    def of(cls, grade: Grade, digest: str, cells: tuple[str, ...] = ()) -> Checked:
        """What is worth remembering of ``grade``, for the file with this ``digest``, or for ``cells``."""
        checks = tuple(
            CheckState(check.id, check.task, check.title, check.verdict is Verdict.PASSED) for check in grade.checks
        )
        return cls(digest, grade.gradable, grade.score, checks, cells)

    @property
    def done(self) -> bool:
        """Whether every public check passed."""
        return self.gradable and bool(self.checks) and all(check.passed for check in self.checks)


class TopicState(msgspec.Struct, frozen=True):
    """All that is remembered of one topic; ``hints`` says how many were shown, by task."""

    checked: Checked | None = None
    hints: dict[str, int] = {}


class Memory:
    """The folder ``.course/`` of a course; ``notes`` tells what could not be read, or kept."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        self.notes: list[str] = []

    def read(self, slug: str) -> TopicState:
        """What is known of a topic; nothing yet where there is no file, or one that can't be read, which is noted."""
        try:
            return self._load(slug)
        except CourseError as error:
            self.notes += [str(error)] if str(error) not in self.notes else []
            return TopicState()

    def _load(self, slug: str) -> TopicState:
        """The same, and a damaged file is set aside; CourseError if there is one that can't be read."""
        file = self._file(slug)
        try:
            return msgspec.json.decode(file.read_bytes(), type=TopicState)
        except (FileNotFoundError, NotADirectoryError):
            return TopicState()
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            aside = free_name(file, "damaged")
            try:
                file.rename(aside)
            except OSError as error:
                raise CourseError(f"{file} is damaged and can't be moved away: {error.strerror}") from None
            self.notes.append(f"{file} was damaged: it is now {aside.name}, and {slug} starts afresh")
            return TopicState()
        except OSError as error:
            raise CourseError(f"what {self.folder} remembers can't be read: {error.strerror}") from None

    def write(self, slug: str, state: TopicState) -> None:
        """Replace what is known of a topic; CourseError if the folder can't be written."""
        file = self._file(slug)
        try:
            self.folder.mkdir(exist_ok=True)
            write_whole(file, msgspec.json.format(msgspec.json.encode(state), indent=1), mode=0o600)
        except OSError as error:
            raise CourseError(f"{self.folder} can't be written: {error.strerror}") from None

    def remember_check(self, slug: str, checked: Checked) -> None:
        """Remember the last check of a topic; a note says so where that can't be, for the check itself is done."""
        self._keep(slug, lambda state: msgspec.structs.replace(state, checked=checked))

    def remember_hint(self, slug: str, task: str, shown: int) -> None:
        """Remember that ``shown`` hints of a task have been shown; a note says so where that can't be."""
        self._keep(slug, lambda state: msgspec.structs.replace(state, hints={**state.hints, task: shown}))

    def forget_check(self, slug: str) -> None:
        """The topic has not been checked; the hints shown stay shown. A note says so where that can't be."""
        self._keep(slug, lambda state: msgspec.structs.replace(state, checked=None))

    def _keep(self, slug: str, change: Callable[[TopicState], TopicState]) -> None:
        try:
            self.write(slug, change(self._load(slug)))
        except CourseError as error:
            self.notes.append(f"this is not remembered: {error}")

    def _file(self, slug: str) -> Path:
        return self.folder / f"{slug}.json"


def free_name(file: Path, word: str) -> Path:
    """A name beside ``file`` that is not taken: ``convolution.py.bak-1``."""
    number = 1
    while (free := file.with_name(f"{file.name}.{word}-{number}")).exists():
        number += 1
    return free
