"""The wall itself: what a zygote is given, and what its workers are limited to."""

from __future__ import annotations

import os
import platform
import signal
from pathlib import Path

import pytest

from grader.core.topic import Limits
from grader.sandbox import zygote as zygote_module
from grader.sandbox.plain import PlainWorkers
from grader.sandbox.runtime import runtime_files
from grader.sandbox.zygote import Zygote
from grader.session.transport import WorkerTransport
from grader.tests.zygotes import evaluate, processes, result, start, started
from grader.wire import messages as m

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
        assert [] == [word for word in ("solutions", "tests", "gradebook", "pytest") if word in command]


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


def test_a_worker_begins_as_its_zygote_is(zygote: Zygote) -> None:
    """No module does anything after the fork: every generator goes on from the same state, and threads work."""
    for state in ("random.getstate()[1]", "list(np.random.get_state()[1])"):
        expression = f"hash(tuple({state}))".replace("random.getstate", "__import__('random').getstate")
        assert evaluate(zygote, expression) == evaluate(zygote, expression)
    thread = "threading.Thread(target=found.append, args=(threading.active_count(),))"
    ran = f"[found := [], thread := {thread}, thread.start(), thread.join()]"
    assert [[1], 1, True] == evaluate(
        zygote, f"({ran}, [found, threading.active_count(), threading.current_thread() is threading.main_thread()])[1]"
    )


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


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="not proven: this system has no /proc")
def test_a_plain_workers_processor_time_is_known_too() -> None:
    """So that a busy host costs no points on a student's own machine, or in a kernel, either."""
    worker = PlainWorkers("numpy").fork()
    try:
        before = worker.cpu_seconds()
        spent = result(worker, "[time.process_time() for _ in range(10**6)][-1]")
        used = worker.cpu_seconds()
        assert before is not None
        assert used is not None
        assert isinstance(spent, float)
        # The kernel counts by hundredths.
        assert before < spent <= used + 0.02
        worker.kill()
        worker.process.wait()
        assert worker.cpu_seconds() is None
    finally:
        worker.close()


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


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_a_thread_takes_no_more_than_its_stack(level: str) -> None:
    """Six leave the rest of what is allowed, whichever of them allocates when."""
    waiting = "[threading.Thread(target=threading.Event().wait, daemon=True).start() for _ in range(6)]"
    with started(level, Limits(memory_mb=256)) as zygote:
        assert 160 * 2**20 == evaluate(zygote, f"({waiting}, len(bytearray(160 * 2**20)))[1]")


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
