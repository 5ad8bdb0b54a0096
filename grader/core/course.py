"""Where a course lies on disk: the folder that holds ``solutions/`` and ``exercises/``."""

from __future__ import annotations

from pathlib import Path

from grader.core.errors import CourseError
from grader.core.topic import Kind, Topic, find_topics, read_topic


def course_root(start: Path | None = None) -> Path:
    """The nearest folder, from ``start`` (the working folder) upwards, that holds ``solutions/`` or ``exercises/``.

    Where there is none, the folder this engine was installed from; CourseError if that is no course either.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / "solutions").is_dir() or (folder / "exercises").is_dir():
            return folder
    raise CourseError(f"{here} is in no course: change to the folder that holds solutions/ or exercises/")


def authored_topics(kind: Kind | None = "exercise", root: Path | None = None) -> list[Topic]:
    """The topics of one kind, or of any, that a course can grade; CourseError where it has none."""
    solutions = (root or course_root()) / "solutions"
    if not solutions.is_dir():
        raise CourseError(
            f"{solutions.parent} has no solutions/, like all that students get: "
            "run this in the course it was made from; `course check` checks your own work"
        )
    topics = find_topics(solutions, kind)
    if not topics:
        raise CourseError(f"there is no topic in {solutions}: `grader new TOPIC` makes one")
    return topics


def open_topic(name: str, root: Path | None = None) -> Topic:
    """The topic called ``name`` (a slug, or the path of a topic's folder); CourseError names the ones there are."""
    if (Path(name) / "topic.toml").is_file():
        return read_topic(Path(name).resolve())
    solutions = (root or course_root()) / "solutions"
    if (solutions / name / "topic.toml").is_file():
        return read_topic(solutions / name)
    known = ", ".join(topic.slug for topic in authored_topics(None, root))
    raise CourseError(f"there is no topic {name!r}; the topics are: {known}")


def open_exercise(slug: str, root: Path) -> Topic:
    """The released twin of a topic, an exercise or a code review, as a student has it; CourseError names them all."""
    folder = root / "exercises" / slug
    if (folder / "topic.toml").is_file():
        return read_topic(folder)
    known = ", ".join(topic.slug for topic in find_topics(root / "exercises")) or "none"
    reviews = ", ".join(topic.slug for topic in find_topics(root / "exercises", kind="review"))
    more = f"; the code reviews are: {reviews}" if reviews else ""
    raise CourseError(f"there is no exercise {slug!r}; the exercises are: {known}{more}")
