"""How long a topic's suite takes on its reference, in a warm session on one core.

``python -m grader.benchmarks.suites`` measures every topic of the course, or those it is given, and writes the figures
as JSON with ``--json FILE``. The session and its workers are held on one core; the first runs are not counted. A run's
time is the wall clock from its worker's fork to its last check, public ones included, so that it is what grading one
submission waits for. The exit code is 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.autograde.run import grade_all
from grader.autograde.submissions import discover
from grader.core.course import course_root, open_topic
from grader.core.errors import CourseError, GraderError
from grader.core.topic import Topic, find_topics
from grader.sandbox.levels import best_level

WARM_UP: Final = 2

TARGETS: Final = {"numpy": 0.5, "torch": 2.0}
"""Seconds for a topic of each runtime."""

OWN_TARGETS: Final = {"fine_tuning_loop": 5.0}
"""Seconds for a topic that trains."""


class SuiteTime(msgspec.Struct, frozen=True):
    """A topic's suite: how many checks, and seconds over ``runs`` counted runs."""

    topic: str
    runtime: str
    checks: int
    runs: int
    fastest: float
    median: float
    target: float

    @property
    def within(self) -> bool:
        """Whether the target is met."""
        return self.median <= self.target


def suite_time(topic: Topic, level: str, runs: int) -> SuiteTime:
    """Run ``topic``'s suite on its reference ``runs`` times after the warm-up, in one session at sandbox ``level``.

    CourseError if the reference loses a point: its time would say nothing.
    """
    reference = discover(topic.reference, topic.slug)[0]
    graded = [entry.grade for entry in grade_all(topic, [reference] * (WARM_UP + runs), level, 1)]
    if any(grade.score < topic.points for grade in graded):
        raise CourseError(f"the reference of {topic.slug} does not earn every point: run `grader audit {topic.slug}`")
    seconds = [grade.seconds for grade in graded[WARM_UP:]]
    target = OWN_TARGETS.get(topic.slug, TARGETS[topic.config.runtime])
    return SuiteTime(
        topic=topic.slug,
        runtime=topic.config.runtime,
        checks=len(graded[0].checks),
        runs=runs,
        fastest=min(seconds),
        median=round(statistics.median(seconds), 4),
        target=target,
    )


def use_one_core() -> None:
    """Hold this process, and those it starts, on one of its cores; GraderError where the system has no such thing."""
    if not hasattr(os, "sched_setaffinity"):
        raise GraderError("this system can't hold a process on one core: measure on Linux")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each topic; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", help="[default: all of the course]")
    parser.add_argument("--runs", type=int, default=5, help="of each suite, after the warm-up [default: 5]")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    options = parser.parse_args(arguments)
    try:
        return _measure(options.topics, max(options.runs, 1), options.json)
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2


def _measure(named: Sequence[str], runs: int, file: Path | None) -> int:
    topics = [open_topic(name) for name in named] if named else find_topics(course_root() / "solutions")
    use_one_core()
    level = best_level()
    print(f"sandbox: {level}; median of {runs} runs in a warm session on one core")
    print(f"{'topic':<22} checks  fastest   median  target")
    times = []
    for topic in topics:
        times.append(time := suite_time(topic, level, runs))
        verdict = "" if time.within else "  MISSED"
        seconds = f"{time.fastest:>5.3f} s  {time.median:>5.3f} s  {time.target:>4g} s"
        print(f"{time.topic:<22} {time.checks:>6}  {seconds}{verdict}", flush=True)
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(times), indent=2) + b"\n")
    return 0 if all(time.within for time in times) else 1


if __name__ == "__main__":
    sys.exit(main())
