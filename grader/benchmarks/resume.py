"""A large class, killed in the middle and resumed: what is lost, and how much is done twice.

``python -m grader.benchmarks.resume convolution --copies 10000 --jobs 2`` grades distinct copies of the reference by
``grader grade``, kills the program without warning (SIGKILL) at random moments (``--kills``), and gives the same
command again until it ends. It fails unless everybody is graded with full points, and recorded once. What is done
twice is what its sessions had in hand: a grade is stored as it comes.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from grader.autograde.run import default_jobs
from grader.benchmarks.measuring import copies, write_json
from grader.core.course import open_topic
from grader.core.errors import GraderError
from grader.core.grade import Results
from grader.core.topic import Topic


class Resumed(msgspec.Struct, frozen=True):
    """``kept`` is what the gradebook held when the run was killed; seconds are of the clock, from start to end."""

    topic: str
    submissions: int
    jobs: int
    kept: tuple[int, ...]
    killed_after: tuple[float, ...]
    last_seconds: float
    graded_twice: int


def resumed(topic: Topic, count: int, jobs: int, kills: int, seed: int) -> Resumed:
    """Grade a class that is killed ``kills`` times; GraderError where anything is lost or recorded twice."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as temporary:
        folder = Path(temporary)
        (folder / "class").mkdir()
        for number, text in enumerate(copies(topic, count)):
            (folder / "class" / f"student{number:05}.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-P", "-m", "grader.cli.main", "grade", str(topic.path), "class", "--out", "out"]
        command += ["--jobs", str(jobs)]
        kept, after = [], []
        for number in range(kills):
            # Somewhere in the next part of the class, not at its end.
            enough = count * number // (kills + 1) + moments.randrange(1, count // (kills + 1) + 1)
            after.append(round(_killed(command, folder, enough), 2))
            kept.append(_recorded(folder))
        start = time.perf_counter()
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        if ran.returncode != 0:
            raise GraderError(f"the resumed run ended with status {ran.returncode}: {ran.stderr.strip()[-200:]}")
        results = msgspec.json.decode((folder / "out" / "results.json").read_bytes(), type=Results)
        rows = _recorded(folder)
    if len(results.submissions) != count or any(each.score < topic.points for each in results.submissions):
        raise GraderError("a grade was lost, or is another one than without a kill")
    return Resumed(topic.slug, count, jobs, tuple(kept), tuple(after), round(seconds, 2), rows - count)


def _killed(command: Sequence[str], folder: Path, enough: int) -> float:
    """Start a run, and kill its process when the gradebook holds ``enough``; returns how long it ran, in seconds."""
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while _recorded(folder) < enough:
            if run.poll() is not None:
                raise GraderError(f"the run ended by itself, with status {run.returncode}, before it was killed")
            time.sleep(0.02)
        os.kill(run.pid, signal.SIGKILL)
    return time.perf_counter() - start


def _recorded(folder: Path) -> int:
    try:
        file = folder / "out" / "gradebook.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return int(connection.execute("select count(*) from grades").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was kept at each kill, and what was graded twice; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic", nargs="?", default="convolution")
    parser.add_argument("--copies", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=default_jobs())
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    options = parser.parse_args(arguments)
    try:
        found = resumed(open_topic(options.topic), options.copies, options.jobs, options.kills, options.seed)
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    for kept, seconds in zip(found.kept, found.killed_after, strict=True):
        print(f"killed after {seconds:.1f} s: {kept} of {found.submissions} in the gradebook")
    print(f"then {found.last_seconds:.1f} s to the end; {found.graded_twice} recorded twice, none lost")
    write_json(options.json, found)
    return 1 if found.graded_twice else 0


if __name__ == "__main__":
    sys.exit(main())
