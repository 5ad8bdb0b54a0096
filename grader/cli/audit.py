"""``grader audit [TOPIC ...]``."""

from __future__ import annotations

import click

from grader.cli import options


@click.command("audit")
@click.argument("topics", nargs=-1)
@click.option("--jobs", type=click.IntRange(1, 256), default=None, help="sessions side by side [default: one a core]")
@options.sandbox
@click.option("--mutants", is_flag=True, help="also run the suite on every mutant of the reference: minutes a topic")
@click.option("--verbose", "-v", is_flag=True, help="print what holds, too")
def command(topics: tuple[str, ...], jobs: int | None, sandbox: str, mutants: bool, verbose: bool) -> int:
    """Prove that each TOPIC (all by default) is fit to release; exit code 1 where one is not.

    The stub earns 0, the reference everything, each known answer exactly what it declares, answers that know nothing
    earn nothing and break no check, the released twin is current, and no file is stray.
    """
    from grader.audit.audit import audit_mutants, audit_topic
    from grader.autograde.run import default_jobs
    from grader.core.course import course_root

    exercises = course_root() / "exercises"
    level = options.sandbox_level(sandbox)
    unfit = 0
    for topic in options.topics_named(topics):
        where = exercises if topic.path.parent.name == "solutions" else topic.path.parent.parent / "exercises"
        findings = list(audit_topic(topic, where, level, jobs or default_jobs()))
        failed = [finding for finding in findings if not finding.holds]
        unfit += bool(failed)
        state = "fit to release" if not failed else f"NOT fit: {len(failed)} of {len(findings)} claims do not hold"
        click.echo(f"{topic.slug}: {state} ({len(findings)} claims tried)")
        for finding in findings if verbose else failed:
            click.echo(f"  {'✓' if finding.holds else '✗'} {finding.claim}")
            if not finding.holds:
                click.echo(f"    {finding.mend}")
        if mutants:
            report = audit_mutants(topic, level, jobs or default_jobs())
            unfit += not report.holds
            click.echo(
                f"  {'✓' if report.holds else '✗'} mutants: {report.killed} killed, {len(report.survived)} survived "
                f"({report.share:.1%}), {len(report.declared)} declared equivalent"
            )
            for change in report.survived:
                click.echo(f"    survived: {change}")
            for change in report.stale:
                click.echo(f"    declared in equivalent.toml, but killed or gone: {change}")
    return 1 if unfit else 0
