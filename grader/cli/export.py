"""``grader export FORMAT …``: the course, or its grades, for the systems that others use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import options

if TYPE_CHECKING:
    from grader.lms.grades import TopicGrades


@click.group("export")
def command() -> None:
    """Write the course, or the grades of a topic, in another system's own format."""


@command.command("nbgrader")
@click.argument("topics", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), required=True, help="the nbgrader course's folder")
@options.format_
def nbgrader(topics: tuple[str, ...], to: Path, format_: str) -> int:
    """Write TOPICS, or all, as assignments of an nbgrader course in the folder --to.

    Then, in that folder: `nbgrader generate_assignment TOPIC`, and after collecting `nbgrader autograde TOPIC` or
    `grader grade TOPIC submitted`. nbgrader itself is needed only for those: pip install "stride-course[nbgrader]".
    """
    from grader.core.course import course_root
    from grader.lms.nbgrader.course import write_course

    chosen = options.topics_named(topics)
    written = write_course(chosen, course_root(), to)
    if format_ == "json":
        return _told(format_, written, topics=[topic.slug for topic in chosen])
    click.echo(f"{len(written)} files for {len(chosen)} assignments in {to}")
    click.echo(f"next: cd {to} && nbgrader generate_assignment {chosen[0].slug if chosen else 'TOPIC'}")
    return 0


def _options(function: Callable[..., int]) -> Callable[..., int]:
    """The gradebook that grades come from, and the topics: all in it, unless some are named."""
    for option in (
        options.format_,
        click.option("--gradebook", default="out/gradebook.db", show_default=True, help="file or SQLAlchemy URL"),
        click.argument("topics", nargs=-1),
    ):
        function = option(function)
    return function


@command.command("csv")
@_options
@click.option("--to", type=click.Path(path_type=Path), default=Path("grades.csv"), show_default=True)
def csv(topics: tuple[str, ...], gradebook: str, to: Path, format_: str) -> int:
    """Write a plain table: one row a student and topic, with each task's points."""
    from grader.lms.tables import plain_csv

    grades = _grades(gradebook, topics)
    return _told(format_, [_write(to, plain_csv(grades))])


@command.command("canvas")
@_options
@click.option("--template", type=click.Path(path_type=Path), help="Canvas's own gradebook export, to be filled in")
@click.option("--assignment", default="", help="its name in Canvas, for a single topic [default: the topic's title]")
@click.option("--to", type=click.Path(path_type=Path), default=Path("canvas.csv"), show_default=True)
def canvas(
    topics: tuple[str, ...], gradebook: str, template: Path | None, assignment: str, to: Path, format_: str
) -> int:
    """Write a gradebook that Canvas imports.

    With --template every row and column of Canvas's own export stays, and only these assignments' cells change.
    """
    from grader.lms.tables import canvas_csv, read_table

    grades = _grades(gradebook, topics)
    if assignment and len(grades) != 1:
        raise click.UsageError("--assignment names one topic's assignment: name that topic, too")
    titles = {each.topic: assignment or _title(each.topic) for each in grades}
    filled = canvas_csv(grades, titles, read_table(template) if template else None)
    written = [_write(to, filled.text)]
    _tell_unplaced(filled.unplaced)
    return _told(format_, written, unplaced=filled.unplaced)


@command.command("moodle")
@click.argument("topic")
@click.option("--gradebook", default="out/gradebook.db", show_default=True, help="file or SQLAlchemy URL")
@click.option("--template", type=click.Path(path_type=Path), help="Moodle's own grading worksheet, to be filled in")
@click.option("--to", type=click.Path(path_type=Path), default=Path("moodle.csv"), show_default=True)
@options.format_
def moodle(topic: str, gradebook: str, template: Path | None, to: Path, format_: str) -> int:
    """Write one assignment's grading worksheet, which Moodle uploads: grades, and a comment for each student."""
    from grader.lms.tables import moodle_csv, read_table

    (grades,) = _grades(gradebook, (topic,))
    filled = moodle_csv(grades, read_table(template) if template else None)
    written = [_write(to, filled.text)]
    _tell_unplaced(filled.unplaced)
    return _told(format_, written, unplaced=filled.unplaced)


@command.command("junit")
@_options
@click.option("--to", type=click.Path(path_type=Path), default=Path("junit.xml"), show_default=True)
def junit(topics: tuple[str, ...], gradebook: str, to: Path, format_: str) -> int:
    """Write JUnit's XML: a suite for each student and topic, a case for each check."""
    from grader.lms.junit import junit_xml

    return _told(format_, [_write(to, junit_xml(_grades(gradebook, topics)))])


@command.command("classroom50")
@_options
@click.option("--classroom", required=True, help="the classroom's short name")
@click.option("--to", type=click.Path(path_type=Path), default=Path("classroom50"), show_default=True)
def classroom50(topics: tuple[str, ...], gradebook: str, classroom: str, to: Path, format_: str) -> int:
    """Write Classroom 50's result.json for each topic and student, as TO/TOPIC/STUDENT/result.json."""
    from grader.autograde.outputs import safe_name
    from grader.lms.classroom50 import result_json

    written = []
    for each in _grades(gradebook, topics):
        for grade in each.grades:
            document = result_json(each.topic, grade, classroom, each.when, os.environ)
            written.append(_write(to / each.topic / safe_name(grade.student) / "result.json", document))
    return _told(format_, written, said=[to])


@command.command("gradescope")
@click.argument("topic")
@click.option("--gradebook", default="", help="also write results.json of the grades in this file or SQLAlchemy URL")
@click.option("--to", type=click.Path(path_type=Path), default=Path("gradescope"), show_default=True)
@options.format_
def gradescope(topic: str, gradebook: str, to: Path, format_: str) -> int:
    """Write TO/TOPIC.zip, an autograder to upload to Gradescope; it holds the hidden suite, so it is not for students.

    With --gradebook also TO/results/STUDENT/results.json, each grade in Gradescope's own format.
    """
    from grader.autograde.outputs import safe_name
    from grader.core.course import course_root, open_topic
    from grader.lms.gradescope.archive import autograder_zip
    from grader.lms.gradescope.results import results_json

    found = open_topic(topic)
    written = said = [_write(to / f"{found.slug}.zip", autograder_zip(found, course_root()))]
    if gradebook:
        (grades,) = _grades(gradebook, (found.slug,))
        results = to / "results"
        said = [*written, results]
        for grade in grades.grades:
            written.append(_write(results / safe_name(grade.student) / "results.json", results_json(grade)))
    return _told(format_, written, said=said)


def _grades(gradebook: str, topics: tuple[str, ...]) -> list[TopicGrades]:
    from grader.core.course import course_root
    from grader.core.policy import read_policy
    from grader.core.verdict import Verdict
    from grader.lms.grades import latest_grades

    found = latest_grades(gradebook, read_policy(course_root()), topics)
    everybody = [grade for each in found for grade in each.grades]
    broken = sum(any(check.verdict is Verdict.INTERNAL_ERROR for check in grade.checks) for grade in everybody)
    if broken:
        click.echo(
            f"the grader broke on {broken} of these: their points are out of fewer than the task has; "
            "mend the suite and grade again before you hand these on",
            err=True,
        )
    return found


def _title(slug: str) -> str:
    from grader.core.course import open_topic
    from grader.core.errors import CourseError

    try:
        return open_topic(slug).config.title
    except CourseError:
        return slug


def _tell_unplaced(students: Sequence[str]) -> None:
    if students:
        names = ", ".join(students[:10]) + (f" and {len(students) - 10} more" if len(students) > 10 else "")
        click.echo(f"no row of the template is for {names}: their grades are not in the file", err=True)


def _write(file: Path, content: str | bytes) -> Path:
    from grader.core.errors import GraderError

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)
    except OSError as error:
        raise GraderError(f"{file} can't be written: {error.strerror}; give another place by --to") from None
    return file


def _told(format_: str, written: Iterable[Path], said: Iterable[Path] | None = None, **more: object) -> int:
    """Name what was ``written``: every file in JSON, in text only what is worth saying."""
    files = list(written)
    if format_ == "json":
        options.print_json({"written": [str(file) for file in files], **more})
    else:
        for place in files if said is None else said:
            click.echo(f"written: {place}")
    return 0
