"""How long one submission takes, beside the time of its own calls.

``python -m grader.benchmarks.throughput convolution --copies 500 --jobs 2`` grades that many copies of the reference,
made distinct by a comment, through ``grader grade`` (everything counted: start, sandbox, gradebook, feedback, report),
and makes the suite's student calls directly in one warm process (the bound). It prints both, and their ratio.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.core.course import open_topic
from grader.core.topic import Topic
from grader.session.inprocess import InProcessTransport
from grader.session.suite import Runner, run_suite
from grader.wire import messages as m
from grader.worker.serve import Answers

WARM_UP = 3


class _Recorder(InProcessTransport):
    """Keeps every request, so that it can be made again without a session around it."""

    def __init__(self, requests: list[m.ToWorker]) -> None:
        super().__init__()
        self._requests = requests

    def call(self, request: m.ToWorker, seconds: float, following: Sequence[m.Request] = ()) -> m.FromWorker:
        """See :class:`InProcessTransport`."""
        self._requests.append(request)
        return super().call(request, seconds)


class DirectCalls(Answers):
    """The suite's calls on the reference, their arguments unpacked beforehand: nothing but the student's own time."""

    def __init__(self, load: m.Load, requests: list[m.ToWorker]) -> None:
        super().__init__()
        self.prepare(load)
        self.answer(m.Run())
        self._prepared = [self._prepare(request) for request in requests if isinstance(request, m.Call)]

    def _prepare(self, request: m.Call) -> tuple[Any, list[Any], dict[str, Any]]:
        args = self._codec.unpack(*request.args)
        kwargs = dict(zip(request.kwargs, self._codec.unpack(*request.kwargs.values()), strict=True))
        # Kept as a warm-up and for its objects: a later call may be given a handle of an earlier one.
        self.answer(request)
        return self._target(request), args, kwargs

    def run(self) -> float:
        """Seconds of processor time that all calls take: other work on the host is none of theirs."""
        start = time.process_time()
        for target, args, kwargs in self._prepared:
            with contextlib.suppress(Exception):  # a check that asks for ValueError
                target(*args, **kwargs)
        return time.process_time() - start


def bound_seconds(topic: Topic, repeats: int) -> tuple[float, int]:
    """The median time of the suite's student calls on the reference, in seconds, and how many calls there are."""
    requests: list[m.ToWorker] = []
    loads: list[m.Load] = []

    def body(runner: Runner) -> None:
        text = topic.reference.read_text(encoding="utf-8")
        loads.append(runner.load_message([m.Cell(text, topic.reference.name)], False))
        runner.run(loads[0], lambda: _Recorder(requests))

    run_suite(topic, body)
    # Loading again is no call; banned names stay armed in this process, as in a worker.
    direct = DirectCalls(msgspec.structs.replace(loads[0], banned=()), requests)
    for _ in range(WARM_UP):
        direct.run()
    calls = sum(isinstance(request, m.Call) for request in requests)
    return statistics.median(direct.run() for _ in range(repeats)), calls


def graded_seconds(topic: Topic, copies: int, jobs: int) -> float:
    """Wall-clock seconds that ``grader grade`` takes for ``copies`` distinct copies of the reference."""
    text = topic.reference.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        submissions = Path(folder) / "class"
        submissions.mkdir()
        for number in range(copies):
            (submissions / f"student{number:05}.py").write_text(f"{text}\n# copy {number}\n", encoding="utf-8")
        command = [sys.executable, "-P", "-m", "grader.cli.main", "grade", str(topic.path), str(submissions)]
        command += ["--jobs", str(jobs), "--out", str(Path(folder) / "out")]
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def main() -> None:
    """Print the table for one topic."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topic", nargs="?", default="convolution")
    parser.add_argument("--copies", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=30, help="of the direct calls")
    options = parser.parse_args()
    topic = open_topic(options.topic)
    bound, calls = bound_seconds(topic, options.repeats)
    graded = graded_seconds(topic, options.copies, options.jobs) / options.copies
    more = 0.01 if topic.config.runtime == "torch" else 0.0
    allowed = more + 2 * bound
    print(f"{topic.slug}: {calls} student calls a submission, {options.copies} submissions, {options.jobs} jobs")
    print(f"  direct calls, one warm process   {bound * 1e3:8.2f} ms a submission")
    print(f"  grader grade, everything counted {graded * 1e3:8.2f} ms a submission ({1 / graded:.0f} a second)")
    verdict = "within" if graded <= allowed else "MISSED"
    print(f"  {more * 1e3:2.0f} ms + 2 x direct               {allowed * 1e3:8.2f} ms: {verdict}")


if __name__ == "__main__":
    main()
