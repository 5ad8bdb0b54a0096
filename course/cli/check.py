"""``course check TOPIC``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("check")
@click.argument("topic")
@click.option("--file", type=click.Path(path_type=Path), default=None, help="[default: exercises/TOPIC/TOPIC.py]")
@click.option("--debug", "in_process", is_flag=True, help="run in this process, so that breakpoint() works")
def command(topic: str, file: Path | None, in_process: bool) -> int:
    """Run the public checks of TOPIC on your own file; exit code 1 while something fails.

    Your code runs on your own machine, without a sandbox. Hidden checks run when your work is graded.
    """
    from grader.autograde.local import check_file
    from grader.core.course import course_root, open_exercise
    from grader.core.verdict import Verdict
    from grader.report.text import grade_text

    exercise = open_exercise(topic, course_root())
    graded = check_file(exercise, file or exercise.reference, debug=in_process)
    click.echo(grade_text(graded.grade, exercise.config.title), nl=False)
    for outcome in graded.evidence.outcomes:
        if outcome.verdict is Verdict.RAISED and outcome.detail:
            # One is enough: the others most often tell the same.
            click.echo(f"\nthe first exception, in {outcome.check}:\n{outcome.detail}")
            break
    if graded.evidence.output:
        click.echo(f"\nyour code printed:\n{graded.evidence.output.rstrip()}")
    for note in graded.evidence.notes:
        click.echo(f"note: {note}")
    return 0 if all(check.verdict is Verdict.PASSED for check in graded.grade.checks) and graded.grade.gradable else 1
