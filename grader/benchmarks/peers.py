"""The same right submissions and the same checks, graded by us and by others, in one run.

``python -m grader.benchmarks.peers convolution`` grades copies of the reference by ``grader grade``, by a fresh pytest
process each, by ``nbgrader autograde`` and by ``otter run``, and makes the suite's calls directly in one warm process
without any wall (the bound). It prints a line for each and its ratio to ours; ``--json FILE`` writes the same. nbgrader
and otter are looked for on PATH, or where ``--nbgrader`` and ``--otter`` say. pytest is this environment's: as it comes
with the plugins that are installed, and once more without them or the search for them.

Ours is a class of ten thousand, over which the start is spread; on a torch topic ``--copies 300`` takes half a minute.

The ratios say how many times as long a submission takes there: on the clock, by which throughput is judged, ours with
so many ``--jobs`` and theirs as they come; and of processor time, which other work on the host changes least.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.benchmarks.measuring import Cost, copies, cost_of, grade_copies, quantile, write_json
from grader.benchmarks.throughput import bound_seconds
from grader.core.course import open_topic
from grader.core.errors import GraderError
from grader.core.topic import Topic

ASKED: Final = {"fresh pytest": 50.0, "nbgrader autograde": 100.0, "otter run": 100.0}
"""How many times a peer's throughput ours is to be."""

_NO_PLUGINS: Final = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
"""Set, it keeps pytest from loading plugins; a session of ours, such as the bound's, sets it for its process."""


class Line(msgspec.Struct, frozen=True):
    """A grader's figures, in milliseconds a submission and MB; latencies only where each submission is its own run.

    ``clock_ratio`` is its time on the clock divided by ours, ``ratio`` its processor time. ``problem`` says why nothing
    was measured.
    """

    name: str
    submissions: int = 0
    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    peak_mb: float = 0.0
    clock_ratio: float = 0.0
    ratio: float = 0.0
    problem: str = ""


def measure(topic: Topic, count: int, peer_count: int, jobs: int, programs: dict[str, str | None]) -> list[Line]:
    """A line for the bound, for us, for us from cold, and for each peer; GraderError where our own run fails."""
    print_line(bound := _bound(topic), None)
    graded = grade_copies(topic, count, jobs)
    peak = max(graded.cost.peak_mb, graded.child_mb)
    ours = _line("grader grade", count, graded.cost, graded.seconds, peak)
    print_line(ours, ours)
    cold = grade_copies(topic, 1, 1)
    lines = [bound, ours, _line("… one, from cold", 1, cold.cost, cold.seconds, max(cold.cost.peak_mb, cold.child_mb))]
    print_line(lines[-1], ours)
    for name, peer in (
        ("fresh pytest", lambda folder: _pytest_costs(topic, peer_count, folder, {_NO_PLUGINS: ""})),
        ("… without plugins", lambda folder: _pytest_costs(topic, peer_count, folder, {_NO_PLUGINS: "1"})),
        ("nbgrader autograde", _nbgrader(topic, peer_count, programs["nbgrader"])),
        ("otter run", _otter(topic, peer_count, programs["otter"])),
    ):
        lines.append(_peer(name, peer_count, peer))
        print_line(lines[-1], ours)
    return [
        msgspec.structs.replace(
            line, clock_ratio=round(line.wall_ms / ours.wall_ms, 2), ratio=round(line.cpu_ms / ours.cpu_ms, 2)
        )
        for line in lines
    ]


def print_line(line: Line, ours: Line | None) -> None:
    """Print one row of the table, and how it compares with ``ours`` once that is known."""
    if line.problem:
        print(f"{line.name:<20} {line.problem}", flush=True)
        return
    latency = " ".join(f"{each:>8.1f}" if each else f"{'':>8}" for each in (line.p50_ms, line.p95_ms, line.p99_ms))
    ratio = f"{line.wall_ms / ours.wall_ms:>7.1f} x {line.cpu_ms / ours.cpu_ms:>7.1f} x" if ours else ""
    rate = f"{1e3 / line.wall_ms:>8.2f} {1e3 / line.cpu_ms:>8.2f}"
    memory = f"{line.peak_mb:>6.0f} MB" if line.peak_mb else f"{'':>9}"
    figures = f"{line.submissions:>6} {rate} {line.wall_ms:>9.1f} {line.cpu_ms:>9.1f} {latency} {memory} {ratio}"
    print(f"{line.name:<20} {figures}", flush=True)


def _bound(topic: Topic) -> Line:
    seconds, _ = bound_seconds(topic, 30)
    milliseconds = round(seconds * 1e3, 2)
    return Line("direct calls", 30, milliseconds, milliseconds)


def _line(name: str, count: int, cost: Cost, seconds: Sequence[float], peak: float) -> Line:
    p50, p95, p99 = (round(quantile(seconds, share) * 1e3, 1) if seconds else 0.0 for share in (0.5, 0.95, 0.99))
    wall, cpu = (round(each / count * 1e3, 2) for each in (cost.wall, cost.cpu))
    return Line(name, count, wall, cpu, p50, p95, p99, round(peak, 1))


def _peer(name: str, count: int, costs_in: Callable[[Path], Sequence[Cost]]) -> Line:
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as folder:
        try:
            costs = costs_in(Path(folder))
        except GraderError as error:
            return Line(name, problem=str(error))
    total = Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.peak_mb for c in costs))
    # One command for all has no latencies of its own.
    return _line(name, count, total, [cost.wall for cost in costs] if len(costs) == count > 1 else (), total.peak_mb)


def _pytest_costs(topic: Topic, count: int, folder: Path, environment: dict[str, str]) -> list[Cost]:
    # Its caches are kept from run to run, as on anybody's machine, and out of the topic's folder.
    caches = {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-c", os.devnull, "-o", f"cache_dir={folder / 'cache'}"]
    command += ["-p", "grader.benchmarks.direct", "--rootdir", str(topic.path), str(topic.tests)]
    costs = []
    for number, text in enumerate(copies(topic, count + 1)):
        file = folder / f"copy{number}.py"
        file.write_text(text, encoding="utf-8")
        costs.append(cost_of(command, folder, {**caches, **environment, "SUBMISSION": str(file)}))
    # The first has filled the caches.
    return costs[1:]


def _nbgrader(topic: Topic, count: int, program: str | None) -> Callable[[Path], Sequence[Cost]]:
    def costs(folder: Path) -> list[Cost]:
        if not program:
            raise GraderError("not installed")
        from grader.benchmarks.rivals import nbgrader_cost

        return [nbgrader_cost(topic, program, count, folder)]

    return costs


def _otter(topic: Topic, count: int, program: str | None) -> Callable[[Path], Sequence[Cost]]:
    def costs(folder: Path) -> list[Cost]:
        if not program:
            raise GraderError("not installed")
        from grader.benchmarks.rivals import otter_costs

        return otter_costs(topic, program, count, folder)

    return costs


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table for one topic; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic", nargs="?", default="convolution")
    parser.add_argument("--copies", type=int, default=10_000, help="for us [default: 10000]")
    parser.add_argument("--peer-copies", type=int, default=20, help="for each of the others [default: 20]")
    parser.add_argument("--jobs", type=int, default=2, help="ours; the others have no such thing [default: 2]")
    parser.add_argument("--nbgrader", default=shutil.which("nbgrader"), help="the program")
    parser.add_argument("--otter", default=shutil.which("otter"), help="the program")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    options = parser.parse_args(arguments)
    programs = {"nbgrader": options.nbgrader, "otter": options.otter}
    print(f"{options.topic}: submissions a second, of the clock and of a core; milliseconds a submission; both ratios")
    print(
        "                      copies  /second    /core   wall ms    CPU ms      p50      p95      p99      peak"
        "     clock       CPU"
    )
    try:
        topic = open_topic(options.topic)
        lines = measure(topic, options.copies, options.peer_copies, options.jobs, programs)
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    for line in lines:
        if line.name in ASKED and not line.problem:
            within = "within" if line.clock_ratio >= ASKED[line.name] else "MISSED"
            asked = f"{within} (at least {ASKED[line.name]:.0f})"
            times = f"our throughput is {line.clock_ratio:.0f} times its"
            print(f"{line.name}: {times}: {asked}; by processor time {line.ratio:.0f} times")
    write_json(options.json, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
