"""A known answer: a file in ``submissions/`` whose header says what it must earn.

::

    # /// answer
    # mistake = "kernel-flipped"
    # title = "The kernel is flipped"
    # hint = "A convolution layer does not flip its kernel."
    # points = {pad2d = 10, cross_correlate2d = 0, conv2d = 5.5}
    # ///

A review has no such files: its answers are made from ``review.toml``, one for each bug that is left in.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from grader.core.errors import CourseError
from grader.core.review import Review
from grader.core.toml import convert_table, decode_toml
from grader.core.topic import Topic

_HEADER = re.compile(r"\A# /// answer\n((?:#.*\n)*?)# ///\n")


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The header, key by key; a right answer says ``right = true`` and nothing else is needed."""

    right: bool = False
    mistake: str = ""
    title: str = ""
    hint: str = ""
    points: dict[str, float] = {}


class KnownAnswer(msgspec.Struct, frozen=True):
    """A known answer's file, its text and its header; a review's answer has a name only, no file."""

    path: Path
    text: str
    header: Header

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem


def known_answers(topic: Topic) -> list[KnownAnswer]:
    """Every known answer of ``topic``, by name; CourseError says which header is wrong, and how."""
    if topic.config.kind == "review":
        return _of_review(topic)
    return [_read(topic, path) for path in sorted((topic.path / "submissions").glob("*.py"))]


def _of_review(topic: Topic) -> list[KnownAnswer]:
    """The code with each bug alone left in, and the other right answer if there is one."""
    review = Review(topic)
    folder = topic.path / "submissions"
    answers = [
        KnownAnswer(
            folder / f"{bug.id.replace('-', '_')}.py",
            review.only(bug),
            Header(mistake=bug.id, title=bug.title, hint=bug.why, points=bug.points),
        )
        for bug in review.file.bugs
    ]
    other = review.otherwise()
    if other is not None:
        points = {task.name: task.points for task in topic.config.tasks}
        answers.append(KnownAnswer(folder / "right_otherwise.py", other, Header(right=True, points=points)))
    return answers


def _read(topic: Topic, path: Path) -> KnownAnswer:
    text = path.read_text(encoding="utf-8")
    found = _HEADER.match(text)
    where = f"{topic.slug}/submissions/{path.name}"
    if found is None:
        raise CourseError(f"{where} must begin with a header between `# /// answer` and `# ///`")
    text_of_header = "\n".join(line.removeprefix("#").strip() for line in found[1].splitlines())
    header = convert_table(decode_toml(text_of_header, f"{where}: its header"), Header, where)
    tasks = {task.name: task.points for task in topic.config.tasks}
    if header.right:
        if header.mistake or header.points:
            raise CourseError(f"{where}: a right answer declares no mistake and no points")
        return KnownAnswer(path, text, msgspec.structs.replace(header, points=tasks))
    if not (header.mistake and header.title and header.hint):
        raise CourseError(f"{where}: a wrong answer needs mistake, title and hint")
    if set(header.points) != set(tasks):
        raise CourseError(f"{where}: points must name each task once: {', '.join(tasks)}")
    if all(header.points[name] >= points for name, points in tasks.items()):
        raise CourseError(f"{where}: a wrong answer must lose points somewhere")
    return KnownAnswer(path, text, header)
