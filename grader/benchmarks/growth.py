"""How time and memory grow with a class: 10, 100 and 1,000 copies of the reference, with 1 job and with 2.

``python -m grader.benchmarks.growth convolution`` grades each class by ``grader grade``, everything counted, and
prints a line for each; ``--json FILE`` writes the same. ``--sizes 10000`` asks for other sizes. On a host that does
other work too, processor time says more than the clock.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.benchmarks.measuring import grade_copies, quantile, write_json
from grader.core.course import open_topic
from grader.core.errors import GraderError


class Grown(msgspec.Struct, frozen=True):
    """A class of ``submissions`` graded with ``jobs``: milliseconds a submission, and MB at most."""

    topic: str
    submissions: int
    jobs: int
    wall_seconds: float
    wall_ms: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    coordinator_mb: float
    child_mb: float


def grown(slug: str, submissions: int, jobs: int) -> Grown:
    """Grade a class of this size; GraderError where the run fails."""
    graded = grade_copies(open_topic(slug), submissions, jobs)
    p50, p95, p99 = (round(quantile(graded.seconds, share) * 1e3, 2) for share in (0.5, 0.95, 0.99))
    return Grown(
        slug,
        submissions,
        jobs,
        round(graded.cost.wall, 2),
        round(graded.cost.wall / submissions * 1e3, 2),
        round(graded.cost.cpu / submissions * 1e3, 2),
        p50,
        p95,
        p99,
        round(graded.cost.peak_mb, 1),
        round(graded.child_mb, 1),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each size and number of jobs; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic", nargs="?", default="convolution")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    options = parser.parse_args(arguments)
    found: list[Grown] = []
    print(f"{options.topic}: milliseconds a submission; latency is that of one submission's own run of the suite")
    print("submissions  jobs   wall s  wall ms   CPU ms      p50      p95      p99  coordinator  largest child")
    try:
        for size in options.sizes:
            for jobs in options.jobs:
                found.append(each := grown(options.topic, size, jobs))
                times = f"{each.wall_ms:>8.1f} {each.cpu_ms:>8.1f} {each.p50_ms:>8.1f} {each.p95_ms:>8.1f}"
                memory = f"{each.coordinator_mb:>9.0f} MB {each.child_mb:>11.0f} MB"
                print(
                    f"{size:>11} {jobs:>5} {each.wall_seconds:>8.1f} {times} {each.p99_ms:>8.1f} {memory}", flush=True
                )
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    write_json(options.json, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
