"""What the wall costs: throughput with every layer on, beside that with namespaces alone, in one run.

``python -m grader.benchmarks.layers convolution --copies 100 --rounds 5`` grades copies of the reference in one
session, in rounds that alternate between the two, so that a busy host slows both. The second's workers start from a
bootstrap that leaves out resource limits, Landlock, capabilities and the filter: the grader has no option for that.
Where the host delegates cgroups, every layer includes them, and a third is measured that has all but these.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from grader.core.course import open_topic
from grader.sandbox import zygote as sandbox
from grader.sandbox.delegation import NotDelegated, delegated_group
from grader.sandbox.zygote import Zygote
from grader.session.suite import Runner, run_suite
from grader.session.transport import WorkerTransport
from grader.wire import messages as m

REQUIRED = 0.7

_BARE = (
    "from grader.worker import confine, syscalls; "
    "confine.Confinement._limit = lambda self: None; "
    "confine.Confinement._landlock = lambda self, scratch: None; "
    "confine.build_filter = lambda: type('None', (), {'restrict': lambda self: None})(); "
    "syscalls.drop_capabilities = syscalls.forbid_inspection = lambda: None; "
)


ALL: Final = "every layer"
NO_GROUPS: Final = "all but cgroups"
BARE: Final = "namespaces alone"


@contextmanager
def _namespaces_alone() -> Iterator[None]:
    """A zygote started inside confines its workers by namespaces and mounts, and by nothing else."""
    whole = sandbox._BOOTSTRAP
    start, found, rest = whole.partition("from grader.worker.zygote import main")
    assert found
    sandbox._BOOTSTRAP = start + _BARE + found + rest  # type: ignore[misc]
    try:
        yield
    finally:
        sandbox._BOOTSTRAP = whole  # type: ignore[misc]


def measure(slug: str, copies: int, rounds: int) -> dict[str, list[float]]:
    """Submissions a second, by round, with every layer, with namespaces alone, and without cgroups if there are any."""
    topic = open_topic(slug)
    limits = topic.config.limits
    text = topic.reference.read_text(encoding="utf-8")
    rates: dict[str, list[float]] = {}

    def body(runner: Runner) -> None:
        load = runner.load_message([m.Cell(text, topic.reference.name)], False)

        def grade(zygote: Zygote) -> None:
            run = runner.run(load, lambda: WorkerTransport(zygote, limits.submission_seconds))
            assert not run.problem

        runtime = topic.config.runtime
        with ExitStack() as stack:
            zygotes = {ALL: stack.enter_context(Zygote(runtime, "full", limits))}
            with patch("grader.sandbox.zygote.delegated_group", lambda: NotDelegated("left out")):
                if isinstance(delegated_group(), Path):
                    zygotes[NO_GROUPS] = stack.enter_context(Zygote(runtime, "full", limits))
                with _namespaces_alone():
                    zygotes[BARE] = stack.enter_context(Zygote(runtime, "full", limits))
            for zygote in zygotes.values():
                grade(zygote)
            for _ in range(rounds):
                for name, zygote in zygotes.items():
                    rates.setdefault(name, []).append(_rate(grade, zygote, copies))

    run_suite(topic, body)
    return rates


def _rate(grade: Callable[[Zygote], None], zygote: Zygote, copies: int) -> float:
    start = time.perf_counter()
    for _ in range(copies):
        grade(zygote)
    return copies / (time.perf_counter() - start)


def main() -> None:
    """Print both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topic", nargs="?", default="convolution")
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    measured = measure(options.topic, options.copies, options.rounds)
    rates = {name: statistics.median(found) for name, found in measured.items()}
    for name, rate in rates.items():
        print(f"  {name:<18}{rate:8.1f} submissions a second")
    ratio = rates[ALL] / rates[BARE]
    if NO_GROUPS in rates:
        print(f"  with cgroups to without {rates[ALL] / rates[NO_GROUPS]:4.0%}")
    print(f"  ratio             {ratio:8.0%}: {'within' if ratio >= REQUIRED else 'MISSED'} (at least {REQUIRED:.0%})")


if __name__ == "__main__":
    main()
