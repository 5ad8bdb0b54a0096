"""SECURITY.md keeps its word: every test it names exists, and two layers stand behind what it says of level full."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from grader.sandbox import zygote as sandbox
from grader.sandbox.levels import PROMISES, probe
from grader.sandbox.plain import PlainWorkers
from grader.tests.ordinary import ROOT
from grader.tests.zygotes import processes, wait_for_death
from grader.wire import messages as m

TESTS = Path(__file__).parent
DOCUMENT = (ROOT / "grader" / "SECURITY.md").read_text(encoding="utf-8")

WITHOUT = {
    "landlock": "confine.Confinement._landlock = lambda self, scratch: None; ",
    "filter": "confine.build_filter = lambda: type('None', (), {'restrict': lambda self: None})(); ",
}

INSIDE = {
    "make_processes",
    "open_sockets",
    "open_local_sockets",
    "share_memory",
    "leave_group",
    "make_namespaces",
    "hide_memory",
}
"""What a worker without a filter can make in namespaces of its own, where it meets nobody and which end with it."""


@pytest.mark.parametrize(("layer", "lost"), [("landlock", set()), ("filter", INSIDE)])
def test_two_layers_stand_behind_every_attack(layer: str, lost: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At level full, with either of the lower layers taken away, nothing outside can be read, written or reached."""
    start, found, rest = sandbox._BOOTSTRAP.partition("from grader.worker.zygote import main")
    assert found
    cut = f"{start}from grader.worker import confine; {WITHOUT[layer]}{found}{rest}"
    monkeypatch.setattr(sandbox, "_BOOTSTRAP", cut)
    proof = probe("full")
    if proof.problem:
        pytest.skip(f"not proven: {proof.problem}")
    assert set(proof.broken) <= lost
    assert (layer != "filter") == proof.mechanisms["a system-call filter is loaded"]


def test_the_kernel_is_asked_about_a_live_worker() -> None:
    """A filter, no new privileges, no capability, and at level full process namespaces of its own."""
    for level in ("full", "landlock"):
        proof = probe(level)
        if proof.problem:
            pytest.skip(f"not proven: {proof.problem}")
        *held, namespaced = proof.mechanisms.values()
        assert all(held)
        assert namespaced == (level == "full")


@pytest.mark.skipif(sys.platform != "linux", reason="not proven: only Linux ends a child with its parent")
def test_without_a_sandbox_nothing_outlives_its_session_either() -> None:
    """A worker in an endless loop, whose session is killed."""
    import os
    import signal

    pid = os.fork()
    if pid == 0:
        worker = PlainWorkers("numpy").fork()
        for message in (m.Load("toy", (m.Cell("while True: pass", "toy.py"),)), m.Run()):
            worker.channel.send(m.encode(message), 10)
            if isinstance(message, m.Load):
                worker.channel.receive(10)
        signal.pause()
        os._exit(0)
    made: dict[int, str] = {}
    while not made:
        made = processes(pid)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert [] == wait_for_death(made)


def test_every_test_that_the_promises_name_exists() -> None:
    """By its name, in the file that is named with it or in any."""
    files = [*TESTS.glob("test_*.py"), *(TESTS.parents[1] / "course" / "tests").glob("test_*.py")]
    sources = {path.name: path.read_text(encoding="utf-8") for path in files}
    named = re.findall(r"`(?:(test_\w+\.py)(?:::)?)?(test_\w+)?`", DOCUMENT)
    assert len(named) > 40
    for file, test in named:
        assert not file or file in sources, file
        texts = [sources[file]] if file else sources.values()
        assert not test or any(f"def {test}(" in text for text in texts), test


def test_every_promise_of_the_probe_is_written_down() -> None:
    """What ``grader doctor`` tries, SECURITY.md says where to find."""
    assert "grader doctor" in DOCUMENT
    assert len(PROMISES) >= 16
