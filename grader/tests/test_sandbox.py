"""The wall itself: what a zygote is given, what its workers are limited to, and what is left of them."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.errors import SandboxError
from grader.core.scratch import remove_scratch
from grader.core.topic import Limits
from grader.sandbox import zygote as zygote_module
from grader.sandbox.runtime import runtime_files
from grader.sandbox.zygote import Worker, Zygote
from grader.session.transport import WorkerTransport
from grader.tests.toy import RIGHT, Session, ToyCourse, Unavailable
from grader.wire import messages as m
from grader.wire.codec import Codec

LIMITS = Limits(memory_mb=128, submission_seconds=7)


@contextlib.contextmanager
def started(level: str) -> Iterator[Zygote]:
    """A zygote at ``level``, or a skip that says what this host lacks for it."""
    try:
        zygote = Zygote("numpy", level, LIMITS)
    except SandboxError as reason:
        pytest.skip(f"level {level!r}: {reason}")
    with zygote:
        yield zygote


@pytest.fixture(scope="module", params=["full", "landlock"])
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """A zygote at each level."""
    with started(request.param) as zygote:
        yield zygote


def ask(worker: Worker, message: m.ToWorker) -> m.FromWorker:
    """The reply to ``message``."""
    worker.channel.send(m.encode(message), 10)
    return m.decode_from_worker(worker.channel.receive(10))


def start(worker: Worker, text: str) -> None:
    """Have ``worker`` run ``text``; its reply is still to come."""
    assert m.Parsed() == ask(worker, m.Load("toy", (m.Cell(text, "toy.py"),)))
    worker.channel.send(m.encode(m.Run()), 10)


def result(worker: Worker, expression: str) -> object:
    """The value of ``expression`` in a worker that has loaded nothing yet."""
    text = f"import os, resource, threading\nimport numpy as np\n\ndef f():\n    return {expression}"
    start(worker, text)
    assert m.Loaded() == m.decode_from_worker(worker.channel.receive(10))
    reply = ask(worker, m.Call(1, [], {}, name="f"))
    if isinstance(reply, m.Raised):
        return reply.bases[0]
    assert isinstance(reply, m.Returned)
    return Codec().unpack(reply.value)[0]


def evaluate(zygote: Zygote, expression: str) -> object:
    """The value of ``expression`` in a fresh worker."""
    worker = zygote.fork()
    try:
        return result(worker, expression)
    finally:
        worker.close()


def processes(ancestor: int) -> dict[int, str]:
    """The descendants of a process, as pid and start time, which together never come back."""
    parents, times = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
            times[int(path.parent.name)] = fields[19]
    found: dict[int, str] = {}
    todo = [ancestor]
    while todo:
        children = [pid for pid, parent in parents.items() if parent == todo[0]]
        found |= {pid: times[pid] for pid in children}
        todo = todo[1:] + children
    return found


def living(started: dict[int, str]) -> list[int]:
    """Those of ``started`` that still run; zombies, which their parent has yet to ask about, do not."""
    alive = []
    for pid, begun in started.items():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if fields[19] == begun and fields[0] not in "ZX":
                alive.append(pid)
    return alive


def wait_for_death(started: dict[int, str]) -> list[int]:
    """Those of ``started`` that have not ended after a generous while."""
    deadline = time.monotonic() + 20
    while (left := living(started)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


# ------------------------------------------------------------------------------------------------ what is there


@pytest.mark.parametrize("covers", [True, False])
def test_a_worker_may_read_its_runtime_and_no_more(covers: bool) -> None:
    """The interpreter and NumPy: no torch, no tests, no topic, no other package, and nothing of the engine."""
    readable = runtime_files("numpy").readable(covers)
    everything = "\n".join(readable)
    engine = str(Path(zygote_module.__file__).parents[1])
    assert [] == [word for word in ("torch", "pytest", "landlockpy", "solutions", engine) if word in everything]
    assert [path for path in readable if path.endswith("/numpy")]
    assert str(Path.home()) not in readable
    if not covers:
        assert [] == [path for path in readable if path.endswith(("site-packages", "dist-packages"))]


def test_torch_is_part_of_its_own_runtime_only() -> None:
    """Where it is installed."""
    pytest.importorskip("torch", reason="torch is not installed")
    assert [path for path in runtime_files("torch").packages if path.endswith("/torch")]


def test_a_zygote_is_told_nothing_about_the_host(zygote: Zygote) -> None:
    """Its environment is made up, and its command line names only where the runtime lies."""
    pid = zygote._process.pid
    for process in (pid, *processes(pid)):
        entries = Path(f"/proc/{process}/environ").read_text(encoding="utf-8").split("\0")
        assert {entry.partition("=")[0] for entry in entries} <= {*zygote_module._ENVIRONMENT, "HOME", "PWD", ""}
        command = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
        assert [] == [word for word in ("solutions", "tests", "gradebook", sys.argv[0]) if word in command]


def test_beneath_landlock_the_mounts_alone_hide_the_host() -> None:
    """Two layers: seen from outside, through /proc, the zygote's own root has no tests, no home and no passwords."""
    with started("full") as zygote:
        inside = next(pid for pid in [*processes(zygote._process.pid), zygote._process.pid] if _is_python(pid))
        root = Path(f"/proc/{inside}/root")
        try:
            top = {path.name for path in root.iterdir()}
        except PermissionError:
            pytest.skip(f"user {os.getuid()} can't look into a process of its own through /proc/PID/root")
        for path in (__file__, "/etc/passwd", "/etc/shadow", "/home", "/var", "/run", "/sys", "/dev/shm", "/dev/mem"):
            assert not (root / path.lstrip("/")).exists()
        assert "proc" in top
        assert {"null", "urandom"} == {path.name for path in (root / "dev").iterdir()}


def _is_python(pid: int) -> bool:
    try:
        return b"grader.worker.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"--\0")[-1]
    except OSError:
        return False


# ------------------------------------------------------------------------------------------------ workers


def test_workers_are_forked_warm_and_apart(zygote: Zygote) -> None:
    """NumPy is there at once; what one worker does to it or to its folder no other sees, even at the same time."""
    one, two = zygote.fork(), zygote.fork()
    try:
        spoil = "(setattr(np, 'pi', 3), open('left', 'w').close(), os.getcwd())[-1]"
        folder = result(one, spoil)
        assert (3.14, []) == result(two, "(round(np.pi, 2), os.listdir())")
    finally:
        two.close()
    try:
        look = f"[os.path.exists(f'{folder}/left'), os.listdir({folder!r} if os.getcwd() != {folder!r} else '.')]"
        assert evaluate(zygote, look) in ([False, []], "PermissionError")
    finally:
        one.close()


def test_how_a_worker_ended_is_known(zygote: Zygote) -> None:
    """Its exit status, the signal that ended it, its processor time; nothing while it runs."""
    worker = zygote.fork()
    assert 2 == result(worker, "1 + 1")
    assert zygote.exit_of(worker, 0) is None
    used = worker.cpu_seconds()
    assert used is not None
    assert 0 <= used < 5
    worker.kill()
    exited = zygote.exit_of(worker, 10)
    worker.close()
    assert exited is not None
    assert (signal.SIGKILL, worker.number) == (os.WTERMSIG(exited.status), exited.number)
    worker = zygote.fork()
    transport = WorkerTransport(zygote, 10)
    start(worker, "import os; os._exit(7)")
    exited = zygote.exit_of(worker, 10)
    worker.close()
    transport.close()
    assert exited is not None
    assert 7 == os.waitstatus_to_exitcode(exited.status)


def test_limits_are_set(zygote: Zygote) -> None:
    """No core file, the submission's seconds and a little more, files of a size, 256 descriptors; hard ones."""
    names = ("CORE", "CPU", "FSIZE", "NOFILE", "MEMLOCK")
    limits = evaluate(zygote, f"[resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in {names}]")
    file_size = 2**20 * (64 if zygote.level == "full" else 16)
    assert [(each, each) for each in (0, 12, file_size, 256, 0)] == limits


@pytest.mark.parametrize(
    "expression",
    [
        "bytearray(256 * 2**20)",
        "np.ones(32 * 2**20)",
        "[bytes(2**20) for _ in range(256)]",
        "'x' * 2**28",
        "list(range(10**8))",
    ],
)
def test_memory_is_limited_beyond_what_the_zygote_has(zygote: Zygote, expression: str) -> None:
    """Half of the allowance can be had, twice the allowance can't, by whatever route."""
    assert 64 * 2**20 == evaluate(zygote, "len(bytearray(64 * 2**20))")
    assert "MemoryError" == evaluate(zygote, expression)


@pytest.mark.parametrize(
    "expression",
    [
        "[open('/dev/null') for _ in range(10**4)]",
        "[os.pipe() for _ in range(10**4)]",
        "[threading.Thread(target=threading.Event().wait, daemon=True).start() for _ in range(10**5)]",
        "open('f', 'wb').write(bytes(65 * 2**20))",
        "open('f', 'wb').truncate(2**40)",
    ],
)
def test_other_resources_are_limited(zygote: Zygote, expression: str) -> None:
    """Descriptors, threads, the size of a file."""
    assert evaluate(zygote, expression) in ("OSError", "RuntimeError", "MemoryError")


@pytest.mark.parametrize(
    ("kind", "code"),
    [("32-bit", "b8 14 00 00 00 cd 80 c3"), ("x32", "b8 27 00 00 40 0f 05 c3")],
)
def test_no_other_door_leads_to_the_kernel(zygote: Zygote, kind: str, code: str) -> None:
    """``getpid`` by the numbers of another kind of program: the filter counts it as none of its own."""
    if platform.machine() != "x86_64":
        pytest.skip(f"{platform.machine()} has no {kind} system calls")
    text = f"""
import ctypes, mmap
memory = mmap.mmap(-1, 4096, prot=7)
memory.write(bytes.fromhex("{code}"))
number = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
assert number < 0
"""
    worker = zygote.fork()
    start(worker, text)
    exited = zygote.exit_of(worker, 0.5)
    if exited is None:
        assert m.Loaded() == m.decode_from_worker(worker.channel.receive(10))
    else:
        assert os.WIFSIGNALED(exited.status)
    worker.close()


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
    monkeypatch.setattr(zygote_module, "bubblewrap_path", lambda: sys.executable)
    with pytest.raises(SandboxError, match="the zygote ended: "):
        Zygote("numpy", "full", LIMITS)


def test_a_runtime_that_can_t_be_imported_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The zygote tells the session before it ends."""
    monkeypatch.setattr(zygote_module, "_BOOTSTRAP", "raise SystemExit('no such thing')")
    with pytest.raises(SandboxError, match="no such thing"):
        Zygote("numpy", "landlock", LIMITS)


# ------------------------------------------------------------------------------------------------ watching


SUPPRESSED = "with contextlib.suppress(OSError, RuntimeError):\n"


@pytest.mark.parametrize(
    ("code", "excess"),
    [
        ("pass", ""),
        ("threading.stack_size(32768); [threading.Thread(target=stay).start() for _ in range(100)]", "threads"),
        ("[open(f'f{n}', 'wb').write(bytes(2**20)) for n in range(70)]", "disk"),
        ("os.makedirs('/'.join('d' * 50))", "disk"),
        ("[os.mkdir(f'd{n}') for n in range(4200)]", "disk"),
        ("os.mkdir('closed', 0o300)", "closed"),
    ],
)
def test_beneath_the_limits_the_session_watches(zygote: Zygote, code: str, excess: str) -> None:
    """Threads, which root may have without end, and at level landlock the private folder, which nothing else bounds."""
    worker = zygote.fork()
    start(worker, f"import contextlib, os, threading\nstay = threading.Event().wait\n{SUPPRESSED}    {code}")
    assert m.Loaded() == m.decode_from_worker(worker.channel.receive(60))
    seen = worker.excess()
    worker.close()
    if zygote.level == "full" or (excess == "closed" and os.getuid() == 0):
        # The folder has a size of its own; and root looks into every folder.
        assert seen == ("threads" if excess == "threads" and os.getuid() == 0 else "")
    elif excess == "threads":
        assert seen in ("threads", "")
    else:
        assert seen == ("disk" if excess == "closed" else excess)


def test_memory_is_watched_too(zygote: Zygote) -> None:
    """What is resident beyond the allowance, had the worker's own limit not held."""
    worker = zygote.fork()
    try:
        assert 2**24 == result(worker, "len(globals().setdefault('kept', bytearray(b'x' * 2**24)))")
        assert "" == worker.excess()
        worker._memory -= 128 * 2**20 - 2**23
        assert "memory" == worker.excess()
    finally:
        worker.close()
