"""Groups of workers: where they may be made, here in made-up folders, and what they limit, where the host allows it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.core.errors import StudentKilled, StudentOutOfMemory
from grader.sandbox import cgroups, delegation
from grader.sandbox import zygote as zygote_module
from grader.sandbox.cgroups import WorkerGroup
from grader.sandbox.delegation import TRUSTED, NotDelegated, delegated_group, own_group, prepare_group
from grader.sandbox.group_proof import prove_groups
from grader.sandbox.watch import MAX_THREADS
from grader.sandbox.zygote import Worker, Zygote
from grader.session.transport import WorkerTransport
from grader.tests.ordinary import ROOT, Unavailable
from grader.tests.toy import Session, ToyCourse, right_but
from grader.tests.zygotes import LIMITS, evaluate, result, start, started
from grader.wire import messages as m

# ------------------------------------------------------------------------------------------------ where, by the files


def mounts(root: str, point: str) -> str:
    """A ``mountinfo`` with one cgroup2 mount among others."""
    return (
        "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "30 22 0:26 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
        f"31 22 0:27 {root} {point} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    )


@pytest.mark.parametrize(
    ("membership", "root", "expected"),
    [
        ("0::/", "/", "/cg"),
        ("0::/user.slice/run-7.scope\n", "/", "/cg/user.slice/run-7.scope"),
        ("8:pids:/x\n0::/a b\n", "/", "/cg/a b"),
        ("0::/docker/abc/inner", "/docker/abc", "/cg/inner"),
        ("0::/docker/abc", "/docker/abc", "/cg"),
    ],
)
def test_the_own_group_is_found(membership: str, root: str, expected: str) -> None:
    """On a host of its own, beside version 1, in a container that sees all of the host's groups or a part."""
    assert Path(expected) == own_group(membership, mounts(root, "/cg"))


@pytest.mark.parametrize(
    ("membership", "root"),
    [("", "/"), ("8:pids:/x\n1:name=systemd:/", "/"), ("0::/../other", "/"), ("0::/else", "/docker/abc")],
)
def test_a_group_out_of_sight_is_none(membership: str, root: str) -> None:
    """Version 1 alone, a group outside the namespace, one that is not mounted."""
    with pytest.raises(NotDelegated, match="version 2"):
        own_group(membership, mounts(root, "/cg"))


def a_group(folder: Path, **files: str) -> Path:
    """A made-up group that holds this process; ``files`` say otherwise."""
    contents = {"controllers": "cpu memory pids", "procs": str(os.getpid()), "subtree_control": "", "type": "domain"}
    folder.mkdir(parents=True)
    for name, text in (contents | files).items():
        (folder / f"cgroup.{name}").write_text(text, encoding="ascii")
    return folder


def test_the_grader_moves_down_where_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into a group of its own, so that the controllers can be passed on; from there the one above is used as it is."""
    monkeypatch.setattr("os.path.ismount", lambda path: path == tmp_path / "scope")
    top = a_group(tmp_path / "scope")
    inner = a_group(top / TRUSTED, procs="")
    assert top == prepare_group(top)
    assert str(os.getpid()) == (inner / "cgroup.procs").read_text(encoding="ascii")
    assert "+memory +pids" == (top / "cgroup.subtree_control").read_text(encoding="ascii")
    (top / "cgroup.subtree_control").write_text("memory pids", encoding="ascii")
    (top / "cgroup.procs").write_text("1", encoding="ascii")
    assert top == prepare_group(inner) == prepare_group(top)
    assert "1" == (top / "cgroup.procs").read_text(encoding="ascii")


def test_the_root_of_all_groups_needs_no_move(tmp_path: Path) -> None:
    """It has no type, and may hold processes beside groups."""
    top = a_group(tmp_path / "cgroup", procs="1\n2\n3")
    (top / "cgroup.type").unlink()
    assert top == prepare_group(top)
    assert "+memory +pids" == (top / "cgroup.subtree_control").read_text(encoding="ascii")
    assert not (top / TRUSTED).exists()


def test_others_are_not_moved(tmp_path: Path) -> None:
    """A login's group that nobody delegated stays as it is, and the sentence says what would be delegated."""
    top = a_group(tmp_path / "session-1.scope")
    with pytest.raises(NotDelegated, match=r"systemd-run .*--scope -p Delegate=yes"):
        prepare_group(top)
    assert "" == (top / "cgroup.subtree_control").read_text(encoding="ascii")
    assert not (top / TRUSTED).exists()


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A controller, the right to write, a kernel that agrees."""
    with pytest.raises(NotDelegated, match=r"controllers memory of version 2"):
        prepare_group(a_group(tmp_path / "less", controllers="cpu pids"))
    with pytest.raises(NotDelegated, match=r"controllers memory, pids of"):
        prepare_group(tmp_path / "gone")
    monkeypatch.setattr("os.path.ismount", lambda path: True)
    # Without a folder of the kernel's making there is nothing to move to.
    with pytest.raises(NotDelegated, match="can't be made ready: No such file"):
        prepare_group(a_group(tmp_path / "refused"))
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(NotDelegated, match=r"not delegated to user \d+"):
        prepare_group(a_group(tmp_path / "theirs"))


def test_a_group_that_never_empties_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kernel says of one that holds processes, again and again, becomes a sentence."""

    def write(path: Path, data: bytes) -> None:
        if path.name == "cgroup.subtree_control":
            raise OSError(errno.EBUSY, "busy")

    monkeypatch.setattr("os.path.ismount", lambda path: True)
    monkeypatch.setattr(delegation, "write", write)
    with pytest.raises(NotDelegated, match="holds processes that can't be moved"):
        prepare_group(a_group(tmp_path / "scope"))


# ------------------------------------------------------------------------------------------------ without groups


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_workers_do_without(level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none are delegated, or what was delegated turns out to be none: workers as ever, nothing left behind."""
    for found in (NotDelegated("no"), tmp_path):
        monkeypatch.setattr(zygote_module, "delegated_group", lambda found=found: found)
        with started(level) as zygote:
            worker = zygote.fork()
            assert worker.group is None
            assert 2 == result(worker, "1 + 1")
            worker.close()
        assert [] == list(tmp_path.iterdir())


def test_doctor_says_why_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence; nothing is started for it."""
    monkeypatch.setattr("grader.sandbox.group_proof.delegated_group", lambda: NotDelegated("not here"))
    assert "not here" == prove_groups("full").problem


# ------------------------------------------------------------------------------------------------ live


@pytest.fixture
def top() -> Path:
    """Where this process may make groups."""
    found = delegated_group()
    if not isinstance(found, Path):
        pytest.skip(f"not proven: {found}")
    return found


def group_of(transport: WorkerTransport) -> WorkerGroup:
    """The group of its worker."""
    assert isinstance(transport.worker, Worker)
    assert transport.worker.group is not None
    return transport.worker.group


def folder_of(zygote: Zygote) -> Path:
    """The folder of its workers' groups."""
    assert zygote._groups is not None
    return zygote._groups._folder


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_a_worker_is_in_a_group_before_it_reads(top: Path, level: str) -> None:
    """Limited in memory, swap and threads; one group serves one worker after another, and none is left at the end."""
    with started(level) as zygote:
        for _ in range(5):
            worker = zygote.fork()
            assert worker.group is not None
            assert worker.group.is_populated()
            start(worker, "pass")
            worker.close()
        mine = folder_of(zygote)
        assert top == mine.parent
        groups = [path for path in mine.iterdir() if path.is_dir()]
        assert 1 <= len(groups) <= 3
        for group in groups:
            assert str(MAX_THREADS) == (group / "pids.max").read_text(encoding="ascii").strip()
            memory = int((group / "memory.max").read_text(encoding="ascii"))
            assert LIMITS.memory_mb * 2**20 < memory < 2**30
    assert not mine.exists()


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_the_limit_that_was_hit_is_the_verdict(top: Path, level: str) -> None:
    """Memory ends it, its own and no other's; a thread too many is refused, and seen."""
    with started(level) as zygote:
        transport = WorkerTransport(zygote, 10)
        group_of(transport).limit(48 * 2**20, 8)
        text = "kept = [b'x' * 2**20 for _ in range(100)]"
        assert m.Parsed() == transport.call(m.Load("toy", (m.Cell(text, "toy.py"),)), 10)
        with pytest.raises(StudentOutOfMemory, match="more memory than allowed"):
            transport.call(m.Run(), 10)
        transport.close()

        transport = WorkerTransport(zygote, 10)
        assert not group_of(transport).ran_out()
        transport.worker.kill()
        with pytest.raises(StudentKilled):
            transport.call(m.Load("toy", (m.Cell("pass", "toy.py"),)), 10)
        transport.close()

        worker = zygote.fork()
        assert worker.group is not None
        worker.group.limit(2**28, 8)
        assert "RuntimeError" == result(
            worker, "[threading.Thread(target=threading.Event().wait, daemon=True).start() for _ in range(9)]"
        )
        assert "threads" == worker.excess()
        worker.close()
        assert 64 * 2**20 == evaluate(zygote, "len(bytearray(64 * 2**20))")


def test_files_without_a_name_are_counted(top: Path, toy_course: ToyCourse) -> None:
    """At level landlock nothing else bounds them but the number of descriptors."""
    try:
        session = Session(toy_course.topic, "landlock")
    except Unavailable as reason:
        pytest.skip(str(reason))
    kind = subprocess.run(["stat", "-f", "-c", "%T", session.temporary], capture_output=True, text=True, check=True)
    if "tmpfs" not in kind.stdout:
        session.close()
        pytest.skip(f"not proven: {session.temporary} lies on a disk and not in memory")
    text = """
        import os
        KEPT = []
        for _ in range(30):
            KEPT.append(open("x", "wb"))
            os.unlink("x")
            KEPT[-1].write(bytes(15 * 2**20))
    """
    taken = session.grade(right_but(text))
    assert {"OUT_OF_MEMORY"} <= set(map(str, taken.verdicts.values()))
    assert 0 == taken.score
    assert 30 == session.grade(right_but("")).score
    session.close()


KEEP = """
import time
from grader.sandbox.zygote import Zygote
from grader.tests.zygotes import LIMITS, start
zygote = Zygote("numpy", "landlock", LIMITS)
zygote.wait()
start(zygote.fork(), "while True: pass")
print(zygote._groups._folder, flush=True)
time.sleep(600)
"""


def test_what_a_killed_session_leaves_the_next_removes(top: Path) -> None:
    """A folder that nobody holds any more; that of a living session stays."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.Popen([sys.executable, "-c", KEEP], stdout=subprocess.PIPE, env=environment, text=True)
    assert killed.stdout is not None
    abandoned = Path(killed.stdout.readline().strip())
    with Zygote("numpy", "landlock", LIMITS) as living:
        worker = living.fork()
        assert (top, True) == (abandoned.parent, abandoned.is_dir())
        killed.kill()
        killed.communicate()
        deadline = time.monotonic() + 60
        while abandoned.exists() and time.monotonic() < deadline:
            cgroups.clear_abandoned(top)
        assert not abandoned.exists()
        assert folder_of(living).exists()
        assert 2 == result(worker, "1 + 1")
        worker.close()


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_doctor_proves_them(top: Path, level: str) -> None:
    """By two workers that take too much."""
    with started(level):
        pass
    assert str(top) == prove_groups(level).group
