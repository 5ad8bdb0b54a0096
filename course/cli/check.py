"""``course check [TOPIC]``."""

from __future__ import annotations

from pathlib import Path

import click

from course.cli.form import form_option, say, tell_notes


@click.command("check")
@click.argument("topic", required=False)
@click.option("--file", type=click.Path(path_type=Path), default=None, help="[default: exercises/TOPIC/TOPIC.py]")
@click.option("--debug", "in_process", is_flag=True, help="run in this process, so that breakpoint() works")
@form_option
def command(topic: str | None, file: Path | None, in_process: bool, form: str) -> int:
    """Run the public checks of TOPIC, or of every topic, on your own files; exit code 1 while something fails.

    Your code runs on your own machine, without a sandbox. Hidden checks run when your work is graded.
    """
    if topic is not None:
        return _check_one(topic, file, in_process, form)
    if file is not None or in_process:
        raise click.UsageError("--file and --debug need a TOPIC")
    return _check_all(form)


def _check_one(topic: str, file: Path | None, in_process: bool, form: str) -> int:
    from course.cli.checking import all_passed, check_and_remember
    from grader.autograde.local import check_file
    from grader.core.course import course_root, open_exercise
    from grader.core.errors import CourseError
    from grader.core.memory import Memory
    from grader.core.work import missing_words, work_file
    from grader.report.results import tame_json
    from grader.report.text import grade_text, told_beside

    root = course_root()
    exercise = open_exercise(topic, root)
    if file is not None:
        graded = check_file(exercise, file, debug=in_process)
        notes = []
    else:
        own = work_file(exercise)
        if not own.is_file():
            raise CourseError(missing_words(exercise, root))
        memory = Memory(root)
        graded = check_and_remember(exercise, own, lambda path: check_file(exercise, path, debug=in_process), memory)
        notes = memory.notes
    if form == "json":
        click.echo(tame_json(graded.grade), nl=False)
    else:
        say(grade_text(graded.grade, exercise.config.title).removesuffix("\n"))
        for block in told_beside(graded):
            say(f"\n{block}")
    tell_notes(notes, form)
    return 0 if all_passed(graded) else 1


def _check_all(form: str) -> int:
    from course.cli.checking import all_exercises, all_passed, check_and_remember
    from grader.autograde.local import check_file
    from grader.core.grade import Graded
    from grader.core.memory import Memory
    from grader.core.topic import Topic
    from grader.core.verdict import Verdict
    from grader.core.work import is_untouched, work_file
    from grader.report.results import tame_json

    def words(exercise: Topic, graded: Graded) -> str:
        if not graded.grade.gradable:
            return "can't be run"
        passed = sum(check.verdict is Verdict.PASSED for check in graded.grade.checks)
        return f"{passed} of {len(graded.grade.checks)} checks passed"

    root, exercises = all_exercises()
    memory = Memory(root)
    failing = []
    entries = []
    for exercise in exercises:
        own = work_file(exercise)
        passed = False
        if not own.is_file():
            said = f"there is no {own.name}: `course reset {exercise.slug}`"
        elif is_untouched(exercise):
            # A stub earns nothing, as `grader audit` proves: there is nothing to run.
            said = "not started"
        else:
            check = lambda path, topic=exercise: check_file(topic, path, debug=False)  # noqa: E731
            graded = check_and_remember(exercise, own, check, memory)
            passed, said = all_passed(graded), words(exercise, graded)
        entries.append({"topic": exercise.slug, "passed": passed, "said": said})
        if form == "text":
            click.echo(f"{'✓' if passed else '✗'} {exercise.slug}: {said}")
        if not passed and said != "not started":
            failing.append(exercise.slug)
    if form == "json":
        click.echo(tame_json(entries), nl=False)
    tell_notes(memory.notes, form)
    if failing and form == "text":
        click.echo(f"next: course check {failing[0]}")
    return 0 if not failing and all(not is_untouched(exercise) for exercise in exercises) else 1
