"""A class graded on one machine and on Dask clusters, and whether the results are the same.

``python -m grader.benchmarks.cluster convolution --copies 200 --workers 1 2 4`` grades that many submissions (the
reference and every known answer in turn, made distinct by a comment) by two local jobs, and on clusters of so many
workers of one thread each, which are programs on this machine under TLS. ``--disturbed`` adds a run on two workers one
of which is killed by SIGKILL after a quarter of the class, when a third joins. ``--namespaces`` puts each worker in a
network namespace of its own (root only). ``--json FILE`` writes the figures. The exit code is 1 where the results of
two runs differ, or a submission is in a gradebook not exactly once.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from grader.benchmarks.dask_programs import ROOT, DaskPrograms
from grader.core.answer import known_answers
from grader.core.course import open_topic
from grader.core.errors import GraderError
from grader.core.topic import Topic


class Timed(msgspec.Struct, frozen=True):
    """One run: how long it took from its first grade to its end, and whether it gave what the local run gave."""

    name: str
    submissions: int
    seconds: float
    per_second: float
    same: bool
    said: tuple[str, ...] = ()


class Bench:
    """A class in a folder, and how to grade it."""

    def __init__(self, folder: Path, topic: Topic, copies: int) -> None:
        self._folder = folder
        self._topic = topic
        self._copies = copies
        self._expected: Any = None
        texts = [topic.reference.read_text(encoding="utf-8"), *(answer.text for answer in known_answers(topic))]
        (folder / "class").mkdir()
        for number in range(copies):
            text = f"{texts[number % len(texts)]}\n# copy {number}\n"
            (folder / "class" / f"student{number:06}.py").write_text(text, encoding="utf-8")

    def local(self, jobs: int) -> Timed:
        """Grade on this machine; what comes out is what every other run must give."""
        return self._timed(f"{jobs} local jobs", "local", ["--jobs", str(jobs)])

    def cluster(self, workers: int, namespaces: bool) -> Timed:
        """Grade on a quiet cluster."""
        with DaskPrograms(self._folder / f"dask{workers}", namespaces=namespaces) as cluster:
            for number in range(workers):
                cluster.start_worker(f"worker{number}")
            name = f"cluster of {workers}" + (", a namespace each" if namespaces else "")
            return self._timed(name, f"cluster{workers}", ["--cluster", cluster.address], cluster.environment)

    def disturbed(self, namespaces: bool) -> Timed:
        """Grade on a cluster that loses one worker and gains another."""
        with DaskPrograms(self._folder / "disturbed-dask", namespaces=namespaces) as cluster:
            for number in range(2):
                cluster.start_worker(f"worker{number}")

            def disturb() -> None:
                cluster.workers["worker0"].kill()
                cluster.start_worker("late")

            name = "one killed, one joining" + (", a namespace each" if namespaces else "")
            return self._timed(name, "disturbed", ["--cluster", cluster.address], cluster.environment, disturb)

    def _timed(
        self,
        name: str,
        out: str,
        options: list[str],
        environment: dict[str, str] | None = None,
        disturb: Callable[[], None] | None = None,
    ) -> Timed:
        command = [sys.executable, "-P", "-m", "grader.cli.main", "grade", str(self._topic.path), "class", "--out", out]
        process = subprocess.Popen(
            [*command, *options],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            first = 0.0
            while process.poll() is None and (not first or disturb is not None):
                recorded = len(_recorded(self._folder / out))
                first = first or (time.monotonic() if recorded else 0.0)
                if disturb is not None and recorded * 4 >= self._copies:
                    disturb()
                    disturb = None
                time.sleep(0.05)
            _, said = process.communicate()
        finally:
            process.kill()
            process.wait()
        seconds = time.monotonic() - first
        if process.returncode != 0:
            raise GraderError(f"{name}: grader grade ended with status {process.returncode}: {said[-500:]}")
        results = msgspec.json.decode((self._folder / out / "results.json").read_bytes())
        for submission in results["submissions"]:
            del submission["seconds"]
        self._expected = self._expected or results
        once = Counter(_recorded(self._folder / out)) == Counter(entry["student"] for entry in results["submissions"])
        of_workers = tuple(line for line in said.splitlines() if line.startswith("worker "))
        same = once and results == self._expected
        return Timed(name, self._copies, round(seconds, 2), round(self._copies / seconds, 1), same, of_workers)


def _recorded(out: Path) -> list[str]:
    """The students in a gradebook, once for each time that they were graded."""
    try:
        with closing(sqlite3.connect(f"file:{out / 'gradebook.db'}?mode=ro", uri=True)) as connection:
            return [row[0] for row in connection.execute("select student from grades")]
    except sqlite3.OperationalError:
        return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic", nargs="?", default="convolution")
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--disturbed", action="store_true")
    parser.add_argument("--namespaces", action="store_true")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    options = parser.parse_args(arguments)
    found: list[Timed] = []

    def tell(timed: Timed) -> None:
        found.append(timed)
        verdict = "the same results" if timed.same else "OTHER RESULTS"
        print(f"{timed.name:<44}{timed.seconds:>8.1f} s {timed.per_second:>8.1f}/s  {verdict}", flush=True)
        for line in timed.said:
            print(f"  {line}", flush=True)

    try:
        with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as folder:
            bench = Bench(Path(folder), open_topic(options.topic), options.copies)
            tell(bench.local(options.jobs))
            for workers in options.workers:
                tell(bench.cluster(workers, options.namespaces))
            if options.disturbed:
                tell(bench.disturbed(options.namespaces))
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    return 0 if all(timed.same for timed in found) else 1


if __name__ == "__main__":
    sys.exit(main())
