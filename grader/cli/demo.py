"""``grader demo``."""

from __future__ import annotations

import shutil
import sys
import webbrowser
from pathlib import Path

import click

from grader.cli import options

FEW = 6
"""So many topics are graded whole."""


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--open/--no-open", "open_", default=None, help="open the report in a browser [default: on a terminal]")
@click.option("--all", "all_", is_flag=True, help="every topic, not one in three: minutes instead of one")
@options.sandbox
@options.format_
def command(out: Path, open_: bool | None, all_: bool, sandbox: str, format_: str) -> int:
    """Make a sample class from the topics' known answers, grade it as `grade` does, and open the report.

    Of a course of many topics every third is graded, in the order of the syllabus.
    """
    from grader.autograde.reports import write_reports
    from grader.autograde.run import Plan, default_jobs, grade_class
    from grader.autograde.sample import write_sample_class
    from grader.cli.progress import RunProgress
    from grader.core.course import authored_topics, course_root
    from grader.core.policy import read_policy

    level = options.sandbox_level(sandbox)
    broken = 0
    gradebook = out / "gradebook.db"
    topics = authored_topics()
    if len(topics) > FEW and not all_:
        topics = topics[::3]
    for topic in topics:
        submissions = out / "submissions" / topic.slug
        # An earlier demo's students would be graded with today's.
        shutil.rmtree(submissions, ignore_errors=True)
        students = write_sample_class(topic, submissions)
        click.echo(f"{topic.slug}: {students} students", err=True)
        plan = Plan(
            topic=topic,
            submissions=submissions,
            level=level,
            jobs=default_jobs(),
            out=out / topic.slug,
            gradebook=str(gradebook),
        )
        with RunProgress() as progress:
            broken += grade_class(plan, progress).broken
    report = write_reports(str(gradebook), out, read_policy(course_root())).report.resolve()
    handed_in, feedback = out / "submissions", out / "feedback"
    if format_ == "json":
        places = {"report": report, "submissions": handed_in, "feedback": feedback, "gradebook": gradebook}
        told = {name: str(place) for name, place in places.items()}
        options.print_json({"topics": [topic.slug for topic in topics], "sandbox": level, "broken": broken, **told})
    else:
        click.echo(f"report: {report}")
        click.echo(f"the class: {handed_in}, feedback: {feedback}, sandbox: {level}")
    if open_ or (open_ is None and sys.stdout.isatty()):
        webbrowser.open(report.as_uri())
    return 2 if broken else 0
