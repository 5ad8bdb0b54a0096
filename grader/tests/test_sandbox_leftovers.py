"""What is left of a zygote and of a session, however they end: nothing, and one sentence where one fails."""

from __future__ import annotations

import os
import signal
import sys
import tempfile

import pytest

from grader.core.errors import SandboxError
from grader.core.scratch import remove_scratch
from grader.sandbox import zygote as zygote_module
from grader.sandbox.zygote import Zygote
from grader.tests.ordinary import Unavailable
from grader.tests.toy import RIGHT, Session, ToyCourse
from grader.tests.zygotes import LIMITS, evaluate, processes, start, started, wait_for_death
from grader.wire import messages as m

# ------------------------------------------------------------------------------------------------ afterwards


DEEP = """
import os
os.mkdir("hidden", 0o300)
os.makedirs("hidden/a/b", 0o300)
os.symlink("/", "hidden/a/root")
for n in range(100):
    open(f"file-{n}", "w").close()
# Longer than any path may be, and deeper than the interpreter recurses.
for _ in range(1200):
    os.mkdir("deep")
    os.chdir("deep")
"""


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_nothing_is_left_of_a_zygote(
    level: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """No process, no folder, no descriptor, though workers were busy, asleep and full of threads and files."""
    # Not pytest's folder: what this test may leave when it fails is too deep for it to remove.
    temporary = tempfile.mkdtemp()
    request.addfinalizer(lambda: remove_scratch(temporary))
    monkeypatch.setattr("tempfile.tempdir", temporary)
    descriptors = len(os.listdir("/proc/self/fd"))
    before = processes(os.getpid())
    with started(level) as zygote:
        workers = []
        for code in ("while True: pass", "import time; time.sleep(99)", DEEP, DEEP):
            worker = zygote.fork()
            text = (
                f"import threading\nfor _ in range(3): threading.Thread(target=threading.Event().wait).start()\n{code}"
            )
            start(worker, text)
            workers.append(worker)
        for worker in workers[2:]:
            assert m.Loaded() == m.decode_from_worker(worker.channel.receive(60))
        made = dict(processes(os.getpid()).items() - before.items())
        assert 4 <= len(made)
        # One of each kind is not closed: the zygote ends it.
        for worker in workers[1:3]:
            worker.close()
        # And the next does not wait until it has cleared up.
        assert [] == evaluate(zygote, "os.listdir()")
    assert [] == wait_for_death(made)
    assert [] == os.listdir(temporary)
    workers[0].close()
    workers[3].close()
    assert descriptors == len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_nothing_is_left_of_a_session(toy_course: ToyCourse, level: str) -> None:
    """When it is done: no process and no temporary file; the folder of a killed one may stay, its processes don't."""
    for end in ("done", "killed"):
        try:
            session = Session(toy_course.topic, level)
        except Unavailable as reason:
            pytest.skip(str(reason))
        assert 30 == session.grade(RIGHT).score
        made = processes(session.process.pid)
        assert made
        if end == "killed":
            session.process.kill()
        left = session.close()
        assert [] == wait_for_death(made)
        if end == "done":
            assert [] == left


def test_a_killed_zygote_is_an_error_of_the_host(zygote: Zygote) -> None:
    """Not a verdict: the next worker can't be had, in one sentence, and its workers went with it."""
    before = processes(os.getpid())
    with started(zygote.level) as own:
        worker = own.fork()
        made = dict(processes(os.getpid()).items() - before.items())
        assert 2 <= len(made)
        os.kill(own._process.pid, signal.SIGKILL)
        assert [] == wait_for_death(made)
        with pytest.raises(SandboxError, match="the zygote"):
            own.fork()
        worker.close()


def test_a_zygote_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last words of what was started instead."""
    monkeypatch.setattr("grader.sandbox.bubblewrap.bubblewrap_path", lambda: sys.executable)
    with pytest.raises(SandboxError, match="the zygote ended: "):
        Zygote("numpy", "full", LIMITS).wait()


def test_a_runtime_that_can_t_be_imported_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The zygote tells the session before it ends."""
    monkeypatch.setattr(zygote_module, "_BOOTSTRAP", "raise SystemExit('no such thing')")
    with pytest.raises(SandboxError, match="no such thing"):
        Zygote("numpy", "landlock", LIMITS).wait()
