"""``grader audit [TOPIC ...]``."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import click

from grader.cli import options

if TYPE_CHECKING:
    from grader.audit.audit import MutantReport, TopicAudit
    from grader.core.topic import Topic

T = TypeVar("T")
R = TypeVar("R")


@click.command("audit")
@click.argument("topics", nargs=-1)
@click.option("--jobs", type=click.IntRange(1, 256), default=None, help="sessions side by side [default: one a core]")
@options.sandbox
@click.option("--mutants", is_flag=True, help="also run the suite on every mutant of the reference: minutes a topic")
@click.option("--verbose", "-v", is_flag=True, help="print what holds, too, and a table of the checks")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(topics: tuple[str, ...], jobs: int | None, sandbox: str, mutants: bool, verbose: bool, format_: str) -> int:
    """Prove that each TOPIC (all by default) is fit to release; exit code 1 where one is not.

    The stub earns 0, the reference everything, each known answer exactly what it declares, answers that know nothing
    earn nothing and break no check, the released twin is current, and no file is stray. It also says which known
    wrong answers no check but one catches, which checks none of them fails, and how much of its tolerance a right
    answer uses: findings for the author to look at, no failures.
    """
    from grader.audit.audit import audit_mutants, audit_topic
    from grader.audit.text import audit_lines, audits_json, mutant_lines
    from grader.autograde.run import default_jobs
    from grader.core.course import course_root

    exercises = course_root() / "exercises"
    level = options.sandbox_level(sandbox)
    named = options.topics_named(topics)
    sessions = jobs or default_jobs()
    # Much of an audit is one session's work, in which known answers are learnt: so several topics at a time.
    beside = max(1, min(sessions, len(named)))

    def audited(topic: Topic) -> tuple[TopicAudit, MutantReport | None]:
        where = exercises if topic.path.parent.name == "solutions" else topic.path.parent.parent / "exercises"
        audit = audit_topic(topic, where, level, sessions // beside)
        return audit, audit_mutants(topic, level, sessions // beside) if mutants else None

    audits = []
    for audit, report in _side_by_side(audited, named, beside):
        if format_ == "text":
            click.echo("\n".join(audit_lines(audit, verbose)))
        if report is not None and format_ == "text":
            click.echo("\n".join(mutant_lines(report)))
        audits.append((audit, report))
    if format_ == "json":
        click.echo(audits_json(audits))
    return 0 if all(audit.holds and (report is None or report.holds) for audit, report in audits) else 1


def _side_by_side(work: Callable[[T], R], items: Sequence[T], count: int) -> Iterator[R]:
    """What ``work`` gives for each of ``items``, in their order, ``count`` of them at a time."""
    waiting = deque((item, Future[R]()) for item in items)
    futures = [future for _, future in waiting]

    def take() -> None:
        with suppress(IndexError):
            while True:
                item, future = waiting.popleft()
                try:
                    future.set_result(work(item))
                except BaseException as error:
                    future.set_exception(error)

    for _ in range(count):
        # Nobody waits for them: where this process is interrupted, sessions end with it.
        threading.Thread(target=take, daemon=True).start()
    for future in futures:
        yield future.result()
