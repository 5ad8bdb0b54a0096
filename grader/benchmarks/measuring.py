"""What a command costs: wall clock, processor time and memory of it and of all it starts, and classes to grade."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.core.errors import GraderError
from grader.core.grade import Results
from grader.core.topic import Topic

# Its own memory and that of what it started are told apart by the command itself: from outside they are one figure.
_GRADE: Final = """
import json, resource, sys
from grader.cli.main import cli, run
code = run(cli)
own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
with open({path!r}, "w") as file:
    json.dump([own.ru_maxrss, others.ru_maxrss], file)
sys.exit(code)
"""


class Cost(msgspec.Struct, frozen=True):
    """Seconds on the clock and of processors, and the most MB that one process held resident."""

    wall: float
    cpu: float
    peak_mb: float


class Graded(msgspec.Struct, frozen=True):
    """A run of ``grader grade``: ``cost.peak_mb`` is the coordinator's, ``child_mb`` its largest child's.

    ``seconds`` are those of each submission's own run of the suite, in the order of their names.
    """

    cost: Cost
    child_mb: float
    seconds: tuple[float, ...]


def cost_of(command: Sequence[str], folder: Path, extra: Mapping[str, str] | None = None) -> Cost:
    """Run ``command`` in ``folder`` with ``extra`` environment; GraderError with its last words where it fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(extra or {})}, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise GraderError(f"{Path(command[0]).name} ended with status {process.returncode}: {' '.join(words)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def copies(topic: Topic, count: int) -> list[str]:
    """The reference's text, made distinct by a comment."""
    text = topic.reference.read_text(encoding="utf-8")
    return [f"{text}\n# copy {number}\n" for number in range(count)]


def grade_copies(topic: Topic, count: int, jobs: int) -> Graded:
    """Grade ``count`` copies of the reference by ``grader grade``, everything counted: start, sandbox, files, report.

    GraderError where one of them does not earn every point: its time would say nothing.
    """
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as temporary:
        folder = Path(temporary)
        (folder / "class").mkdir()
        for number, text in enumerate(copies(topic, count)):
            (folder / "class" / f"student{number:05}.py").write_text(text, encoding="utf-8")
        program = _GRADE.format(path=str(folder / "memory.json"))
        command = [sys.executable, "-P", "-c", program, "grade", str(topic.path), "class", "--out", "out"]
        cost = cost_of([*command, "--jobs", str(jobs)], folder)
        own, others = msgspec.json.decode((folder / "memory.json").read_bytes(), type=tuple[int, int])
        results = msgspec.json.decode((folder / "out" / "results.json").read_bytes(), type=Results)
    if any(grade.score < topic.points for grade in results.submissions) or len(results.submissions) != count:
        raise GraderError(f"the reference of {topic.slug} does not earn every point: run `grader audit {topic.slug}`")
    return Graded(Cost(cost.wall, cost.cpu, own / 1024), others / 1024, tuple(g.seconds for g in results.submissions))


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def write_json(file: Path | None, figures: object) -> None:
    """Write ``figures`` to ``file``, if there is one."""
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n")
