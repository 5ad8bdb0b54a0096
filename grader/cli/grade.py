"""``grader grade TOPIC SUBMISSIONS``."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import options
from grader.core.errors import GraderError

if TYPE_CHECKING:
    from grader.autograde.cluster import Cluster
    from grader.core.grade import Results


@click.command("grade")
@click.argument("topic")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--jobs", type=click.IntRange(1, 256), default=None, help="sessions side by side [default: one a core]")
@click.option(
    "--cluster",
    default="",
    metavar="ADDRESS",
    help="grade on a Dask cluster: tcp://HOST:PORT or tls://HOST:PORT of its scheduler, or local:N to try it here",
)
@options.gradebook
@options.out
@click.option("--force", is_flag=True, help="grade again what was graded before")
@click.option(
    "--received",
    type=click.Path(path_type=Path),
    default=None,
    help="CSV (student, received) of when submissions came in [default: by nbgrader's record, or the file's time]",
)
@click.option("--roster", type=click.Path(path_type=Path), help="CSV of the class: names, ids, who is missing")
@options.sandbox
@options.format_
def command(
    topic: str,
    submissions: Path,
    jobs: int | None,
    cluster: str,
    gradebook: str,
    out: Path,
    force: bool,
    received: Path | None,
    roster: Path | None,
    sandbox: str,
    format_: str,
) -> int:
    """Grade every submission in SUBMISSIONS (a file, a folder in any known layout, or a download) against TOPIC.

    Writes OUT/results.json, OUT/feedback/, OUT/report.html and the gradebook. A run that was stopped goes on where it
    stopped; what was graded with the same submission, suite and engine is not graded again. In an nbgrader course
    (SUBMISSIONS is its folder or its submitted/) the grades also go into nbgrader's own gradebook.
    """
    from grader.core.course import open_topic
    from grader.lms.nbgrader.folders import course_folder, topics_of

    course = course_folder(submissions)
    opened = open_topic(topic, topics_of(course) if course else None)
    with ExitStack() as stack:
        workers = stack.enter_context(_opened(cluster, jobs, sandbox)) if cluster else None
        probed = None if workers else stack.enter_context(options.sandbox_probed(sandbox))
        # The probe's worker imports NumPy meanwhile.
        from grader.autograde.run import Plan, default_jobs, grade_class
        from grader.cli.progress import RunProgress
        from grader.core.policy import read_policy, strangers
        from grader.report.results import results_json
        from grader.report.text import class_table

        plan = Plan(
            topic=opened,
            submissions=submissions,
            level=probed() if probed else workers.level if workers else "",
            jobs=jobs or default_jobs(),
            out=out,
            gradebook=gradebook,
            force=force,
            policy=read_policy(opened.path.parents[1]),
            received=received,
            roster=roster,
        )
        with RunProgress() as progress:
            finished = grade_class(plan, progress, workers)
    text = format_ == "text"
    click.echo(
        class_table(finished.results, options.paint, options.columns()) if text else results_json(finished.results),
        nl=False,
    )
    if text:
        click.echo(f"\nreport: {finished.report}\nsandbox: {plan.level}")
    if finished.missing:
        names = ", ".join(finished.missing)
        click.echo(f"{len(finished.missing)} on the roster handed in nothing: {names}", err=True)
    students = {grade.student for grade in finished.results.submissions}
    for note in strangers(plan.policy, students, opened.slug):
        click.echo(note, err=True)
    if course:
        _record_in_nbgrader(course, submissions, finished.results)
    if plan.level == "none":
        click.echo("the submissions ran without any sandbox: trust neither these grades nor this machine", err=True)
    if finished.broken:
        click.echo(
            f"the grader broke on {finished.broken} submissions (INTERNAL_ERROR in the report): no points were taken; "
            "mend the suite and run the same command again",
            err=True,
        )
        return 2
    return 0


def _opened(cluster: str, jobs: int | None, sandbox: str) -> AbstractContextManager[Cluster]:
    """The cluster; GraderError says what is missing or contradictory."""
    if jobs is not None:
        raise GraderError("--jobs is for this machine: a cluster has a session for each of its workers' threads")
    try:
        from grader.autograde.cluster import open_cluster
    except ImportError as error:
        raise GraderError(f'--cluster needs Dask: pip install "stride-course[cluster]" ({error})') from None
    return open_cluster(cluster, sandbox, lambda sentence: click.echo(sentence, err=True))


def _record_in_nbgrader(course: Path, submissions: Path, results: Results) -> None:
    try:
        from grader.lms.nbgrader.record import record_class
    except ImportError:
        click.echo(
            'nbgrader is not installed, so its gradebook was left alone: pip install "stride-course[nbgrader]"',
            err=True,
        )
        return
    recorded = record_class(course, submissions, results)
    click.echo(f"nbgrader's gradebook: {recorded.written} written, {recorded.unchanged} unchanged", err=True)
