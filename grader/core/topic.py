"""A topic as its author wrote it: ``topic.toml`` read into frozen structs.

The folder ``solutions/<slug>/`` holds everything else; :class:`Topic` knows where each part lies.
"""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path
from typing import Literal

import msgspec

from grader.core.errors import CourseError
from grader.core.toml import read_toml

Runtime = Literal["numpy", "torch"]

Kind = Literal["exercise", "review"]

SLUG = re.compile(r"[a-z][a-z0-9_]*")

PRISTINE = ".stub"
"""The file of an exercise that holds its stub as it was released, from which a student may begin again."""


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stub function or class, with its points and three hints of rising strength.

    ``section`` is the heading of the lesson's section that feedback sends a student to who lost points here.
    """

    name: str
    points: float
    section: str = ""
    hints: tuple[str, ...] = ()


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a submission may use. Seconds are of the worker's CPU; the wall clock may show three times as many."""

    call_seconds: float = 3.0
    check_seconds: float = 6.0
    submission_seconds: float = 20.0
    memory_mb: int = 512
    restarts: int = 2


class Tolerance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``|actual - expected| <= atol + rtol * |expected|``, NumPy's rule."""

    rtol: float = 1e-7
    atol: float = 1e-9


class Ban(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dotted name a submission may not use, and what it may use instead."""

    name: str
    instead: str = ""


class TopicFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``topic.toml``, key by key."""

    title: str
    order: int
    tasks: tuple[Task, ...]
    runtime: Runtime
    kind: Kind = "exercise"
    prerequisites: tuple[str, ...] = ()
    unlocks: tuple[str, ...] = ()
    difficulty: int = 1
    minutes: int = 30
    limits: Limits = Limits()
    tolerance: Tolerance = Tolerance()
    banned: tuple[Ban, ...] = ()


class Topic(msgspec.Struct, frozen=True):
    """A topic's folder and what its ``topic.toml`` says."""

    path: Path
    config: TopicFile

    @property
    def slug(self) -> str:
        """The folder's name: the module's, the twin's and the tox environment's too."""
        return self.path.name

    @property
    def points(self) -> float:
        """The sum of the tasks' points."""
        return sum(task.points for task in self.config.tasks)

    @property
    def reference(self) -> Path:
        """The author's own right answer, with the solution regions marked."""
        return self.path / f"{self.slug}.py"

    @property
    def tests(self) -> Path:
        """The folder of the public and the hidden suite."""
        return self.path / "tests"

    @property
    def support(self) -> str | None:
        """The text of ``support.py``, which a submission may import, or None."""
        return _optional_text(self.path / "support.py")

    @property
    def probes(self) -> str | None:
        """The text of ``probes.py``, which runs beside the submission, or None."""
        return _optional_text(self.path / "probes.py")

    @property
    def trains(self) -> bool:
        """Whether its own code has to do with ``torch.optim``, or with models without data, which import the same."""
        own = "".join(text for text in (_optional_text(self.reference), self.support, self.probes) if text is not None)
        return self.config.runtime == "torch" and ("optim" in own or "meta" in own)

    def task(self, name: str) -> Task:
        """The task called ``name``; CourseError names the ones there are."""
        for task in self.config.tasks:
            if task.name == name:
                return task
        known = ", ".join(task.name for task in self.config.tasks)
        raise CourseError(f"{self.slug} has no task {name!r}; its tasks are {known}")


def read_topic(path: Path) -> Topic:
    """Read the topic in folder ``path``; CourseError says what is wrong with its ``topic.toml``."""
    file = path / "topic.toml"
    if not SLUG.fullmatch(path.name):
        raise CourseError(f"{path.name!r} is no slug: use lower-case letters, digits and underscores")
    try:
        config = read_toml(file, TopicFile)
    except (FileNotFoundError, NotADirectoryError):
        raise CourseError(f"{path} is no topic: it has no topic.toml") from None
    _refuse_nonsense(config, file)
    return Topic(path.resolve(), config)


def find_topics(solutions: Path, kind: Kind | None = "exercise") -> list[Topic]:
    """The topics of one kind below ``solutions``, or of any, in syllabus order; CourseError if two share a place."""
    topics = [read_topic(file.parent) for file in sorted(solutions.glob("*/topic.toml"))]
    topics.sort(key=lambda topic: topic.config.order)
    for first, second in itertools.pairwise(topics):
        if first.config.order == second.config.order:
            raise CourseError(f"{first.slug} and {second.slug} both have order = {first.config.order}")
    return [topic for topic in topics if kind is None or topic.config.kind == kind]


def _refuse_nonsense(config: TopicFile, file: Path) -> None:
    names = [task.name for task in config.tasks]
    if not names:
        raise CourseError(f"{file}: a topic needs at least one [[tasks]]")
    if len(set(names)) < len(names):
        raise CourseError(f"{file}: two tasks have the same name")
    for task in config.tasks:
        if not task.name.isidentifier():
            raise CourseError(f"{file}: task {task.name!r} must be named as its function or class is")
        # TOML has inf and nan.
        if not 0 < task.points < math.inf:
            raise CourseError(f"{file}: task {task.name!r} needs points above 0, not {task.points}")
    for name, value in msgspec.structs.asdict(config.limits).items():
        if not 0 < value < math.inf:
            raise CourseError(f"{file}: limits.{name} must be above 0, not {value}")
    for name, value in msgspec.structs.asdict(config.tolerance).items():
        if not 0 <= value < math.inf:
            raise CourseError(f"{file}: tolerance.{name} must be 0 or above, not {value}")
    for name in (*config.prerequisites, *config.unlocks):
        if not SLUG.fullmatch(name) or name == file.parent.name:
            raise CourseError(f"{file}: prerequisites and unlocks name other topics by slug; {name!r} is none")
    for ban in config.banned:
        if not all(part.isidentifier() for part in ban.name.split(".")):
            raise CourseError(f"{file}: banned name {ban.name!r} is no dotted name such as 'numpy.convolve'")
    if not config.title.strip():
        raise CourseError(f"{file}: title must not be empty")
    if not 1 <= config.difficulty <= 4:
        raise CourseError(f"{file}: difficulty is 1 to 4, not {config.difficulty}")
    if config.minutes <= 0:
        raise CourseError(f"{file}: minutes must be above 0, not {config.minutes}")


def required_text(file: Path) -> str:
    """The text of a part that every topic has; CourseError if it is missing or no UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{file} is missing: every topic has one") from None
    except UnicodeDecodeError:
        raise CourseError(f"{file} is not valid UTF-8") from None


def _optional_text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8") if file.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{file} can't be read as UTF-8 text: {error}") from None
