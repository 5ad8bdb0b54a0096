"""What a submission can't read and can't change, tried from inside a worker.

At both levels, as whoever runs the tests and, where that is root, as an ordinary user too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.tests.ordinary import NOBODY, ROOT
from grader.tests.toy import FILES, RIGHT, Session, ToyCourse
from grader.tests.walls import refusals

SECRET = "CANARY-20240229"


OWN = ("hidden suite", "reference", "gradebook", "other submission")
"""Those of the files below that are the tests' own: only on these is tried what would harm a host without walls."""


@pytest.fixture(scope="module")
def secrets(toy_course: ToyCourse) -> Iterator[dict[str, Path]]:
    """Files of the host that a submission would like to read, each readable for every user, with a secret in most."""
    folder = toy_course.folder / "grading"
    (folder / "submissions" / "ada").mkdir(parents=True)
    files = {
        "hidden suite": toy_course.topic / "tests" / "test_hidden.py",
        "reference": toy_course.topic / "toy.py",
        "gradebook": folder / "gradebook.db",
        "other submission": folder / "submissions" / "ada" / "toy.py",
        "passwords": Path("/etc/passwd"),
        "engine": ROOT / "grader" / "worker" / "seccomp.py",
        "session": ROOT / "grader" / "session" / "suite.py",
        "pytest": Path(pytest.__file__),
        "home": Path.home(),
        "root folder": Path("/"),
        "temporary folder": toy_course.folder,
    }
    for name in ("gradebook", "other submission"):
        files[name].write_text(SECRET, encoding="utf-8")
    assert SECRET in files["hidden suite"].read_text(encoding="utf-8")
    yield files
    assert SECRET == files["gradebook"].read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------ reading


def test_no_file_can_be_read_by_its_path(wall: Session, secrets: dict[str, Path]) -> None:
    """Not even by a submission that knows the path: opened, listed, linked, mapped, imported or loaded."""
    code = "\n".join(
        f"""
    attempt("open {name}", open, {str(path)!r}, "rb")
    attempt("path only {name}", lambda: open(os.open({str(path)!r}, os.O_PATH), "rb").read(1))
    attempt("list {name}", os.listdir, {str(path)!r})
    attempt("link {name}", os.link, {str(path)!r}, "copy")
    attempt("follow {name}", lambda: (os.symlink({str(path)!r}, "link {name}"), open("link {name}").read()))
    attempt("load {name}", ctypes.CDLL, {str(path)!r})
    attempt("walk {name}", open, os.path.relpath({str(path)!r}), "rb")
    attempt("descend {name}", lambda: open(os.path.relpath({str(path)!r}, "/"), opener=lambda p, f: os.open(
        p, f, dir_fd=os.open("/", os.O_PATH))))
    """
        for name, path in secrets.items()
    )
    assert 8 * len(secrets) == len(refusals(wall, code))


def test_nothing_of_the_hidden_suite_is_in_the_worker(wall: Session) -> None:
    """No object, frame, module, argument or variable of the environment holds its text, path or expected values."""
    code = """
        import gc, os, sys

        def look():
            todo = [gc.get_objects(), sys.modules, sys.path, sys.argv, dict(os.environ), os.getcwd()]
            frame = sys._getframe()
            while frame is not None:
                todo += [frame, frame.f_code, frame.f_globals, dict(frame.f_locals)]
                frame = frame.f_back
            seen, texts = set(), []
            own = [id(each) for each in (needles, seen, texts, todo)]
            seen.update(own)
            while todo:
                each = todo.pop()
                if id(each) in seen:
                    continue
                seen.add(id(each))
                if type(each) in (str, bytes, int, float):
                    texts.append(repr(each))
                todo += gc.get_referents(each)
            # Of a whole number all of it: an address may have any digits.
            among = [(needle, text) for text in texts for needle in needles if needle in text]
            found = [text for needle, text in among if needle == text or not text.isdigit()]
            print(len(texts), *found)

        # Backwards, so that this text is not what is found.
        backwards = ("-YRANAC", "neddih_tset", "cilbup_tset", "esruoc-yot", "9035768", "yot/snoitulos")
        needles = [word[::-1] for word in backwards]
        look()

        class Counter(Counter):
            def plus(self, other):
                # While the last but one of the hidden checks runs.
                look()
                return super().plus(other)
    """
    looks = [line.split() for line in wall.observe(code)]
    assert [[], []] == [found for _, *found in looks]
    assert all(int(count) > 10_000 for count, *_ in looks)


def test_nothing_is_inherited(wall: Session) -> None:
    """No argument, no variable, no descriptor but the three standard ones and the worker's own socket."""
    code = """
        import fcntl, os, stat, sys
        print(sys.argv[1:], sorted(os.environ))
        for descriptor in range(20_000):
            try:
                mode = os.fstat(descriptor).st_mode
            except OSError:
                continue
            kind = "socket" if stat.S_ISSOCK(mode) else "device" if stat.S_ISCHR(mode) else "file"
            name = descriptor if descriptor < 3 else "other"
            print(name, kind, fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE)
    """
    names, *descriptors = wall.observe(code)
    assert "[] ['HOME', 'LANG', 'OMP_NUM_THREADS', 'TMPDIR']" == names
    assert ["0 device 0", "1 file 2", "2 file 2", "other socket 2"] == descriptors


def test_no_process_can_be_read(wall: Session) -> None:
    """Through /proc, by descriptor of a process, by ptrace or by reading its memory: the session's, or its own."""
    code = f"""
    for pid in ("self", "thread-self", os.getpid(), os.getppid(), 1, {os.getpid()}, {wall.process.pid}):
        for name in ("mem", "maps", "environ", "cmdline", "stat", "status", "mounts", "fdinfo/0", "cgroup", "auxv"):
            attempt(f"{{pid}}/{{name}}", open, f"/proc/{{pid}}/{{name}}")
        if pid not in ("self", "thread-self", os.getpid()):
            for name in ("exe", "cwd", "root", "fd/0", "ns/net"):
                attempt(f"{{pid}}/{{name}}", os.readlink, f"/proc/{{pid}}/{{name}}")
        attempt(f"{{pid}}/fd", os.listdir, f"/proc/{{pid}}/fd")
        attempt(f"{{pid}}/root", os.listdir, f"/proc/{{pid}}/root")
    for pid in (os.getpid(), os.getppid() or 1, {os.getpid()}, {wall.process.pid}):
        attempt(f"pidfd {{pid}}", os.pidfd_open, pid)
        attempt(f"ptrace {{pid}}", call, "ptrace", 16, pid, 0, 0)
        attempt(f"seize {{pid}}", call, "ptrace", 0x4206, pid, 0, 0)
        attempt(f"vm {{pid}}", call, "process_vm_readv", pid, None, 0, None, 0, 0)
        attempt(f"write vm {{pid}}", call, "process_vm_writev", pid, None, 0, None, 0, 0)
        attempt(f"kcmp {{pid}}", call, "syscall", 312, pid, pid, 0, 0, 0)
    attempt("traceme", call, "ptrace", 0, 0, 0, 0)
    for name in ("/proc", "/sys", "/sys/kernel", "/dev", "/dev/shm", "/run", "/var", "/proc/sys/kernel/random/boot_id"):
        attempt(f"list {{name}}", os.listdir, name)
    attempt("dmesg", call, "klogctl", 3, None, 0)
    """
    assert 100 < len(refusals(wall, code))


def test_torch_is_not_there_under_the_numpy_runtime(wall: Session) -> None:
    """Neither by import, nor by its files; nor is any other package that the runtime does not need."""
    names = ("torch", "pytest", "sqlalchemy", "grader.session", "grader.testing", "grader.cli", "grader.core.scoring")
    code = f"""
        import importlib, importlib.machinery, sys
        # Whatever the ban put in the way.
        sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.PathFinder]
        for name in {names}:
            try:
                importlib.import_module(name)
            except ImportError:
                print(name, "missing")
            except PermissionError:
                print(name, "missing")
        print(importlib.import_module("numpy.polynomial.hermite").__name__)
    """
    assert [*(f"{name} missing" for name in names), "numpy.polynomial.hermite"] == wall.observe(code)


# ------------------------------------------------------------------------------------------------ writing


def test_nothing_outside_the_private_folder_can_be_changed(wall: Session, secrets: dict[str, Path]) -> None:
    """Not written, made, moved, removed or linked, and neither its mode, its times, its owner nor its size."""
    files = [secrets[name] for name in OWN]
    code = "\n".join(
        f"""
    for mode in ("w", "a", "r+", "x"):
        attempt(f"{{mode}} {path}", open, {str(path)!r}, mode)
    attempt("truncate {path}", os.truncate, {str(path)!r}, 0)
    attempt("mode {path}", os.chmod, {str(path)!r}, 0o777)
    attempt("times {path}", os.utime, {str(path)!r}, (0, 0))
    attempt("owner {path}", os.chown, {str(path)!r}, {NOBODY}, {NOBODY})
    attempt("remove {path}", os.unlink, {str(path)!r})
    attempt("move {path}", os.rename, {str(path)!r}, "moved")
    attempt("replace {path}", lambda: (open("new", "w").close(), os.replace("new", {str(path)!r})))
    attempt("attribute {path}", os.setxattr, {str(path)!r}, "user.x", b"x")
    """
        for path in files
    )
    folders = [*(path.parent for path in secrets.values()), Path(sys.executable).parent, Path(os.__file__).parent]
    code += "\n".join(
        f"""
    attempt("file in {folder}", open, {str(folder / "grader-test-evil.pth")!r}, "x")
    attempt("folder in {folder}", os.mkdir, {str(folder / "grader-test-evil")!r})
    attempt("link in {folder}", os.symlink, "/", {str(folder / "grader-test-evil")!r})
    attempt("pipe in {folder}", os.mkfifo, {str(folder / "grader-test-evil")!r})
    attempt("unnamed in {folder}", os.open, {str(folder)!r}, os.O_TMPFILE | os.O_RDWR)
    """
        for folder in dict.fromkeys(folders)
        # At level full a worker has a /tmp of its own.
        if folder != Path("/tmp")
    )
    before = [(path.read_bytes(), path.stat()) for path in files]
    assert 12 * len(files) < len(refusals(wall, code))
    for path, (text, then) in zip(files, before, strict=True):
        now = path.stat()
        assert (text, then.st_mode, then.st_mtime) == (path.read_bytes(), now.st_mode, now.st_mtime)


def test_what_is_readable_is_not_writable(wall: Session) -> None:
    """The interpreter's library and NumPy, which every later worker runs: opened, and changed by no means."""
    code = """
    for path in (os.__file__, np.__file__, ctypes.__file__):
        descriptor = os.open(path, os.O_RDONLY)
        now = os.fstat(descriptor)
        # To what they are already: where there is no wall, this must not harm the host.
        attempt(f"mode {path}", os.fchmod, descriptor, now.st_mode & 0o7777)
        attempt(f"times {path}", os.utime, descriptor, ns=(now.st_atime_ns, now.st_mtime_ns))
        attempt(f"by mode {path}", os.chmod, path, now.st_mode & 0o7777)
        attempt(f"write {path}", os.write, descriptor, b"x")
        attempt(f"open {path}", open, path, "r+b")
        attempt(f"again {path}", open, f"/proc/self/fd/{descriptor}", "r+b")
        attempt(f"cache {path}", os.mkdir, os.path.join(os.path.dirname(path), "grader-test-evil"))
        os.close(descriptor)
    """
    assert 21 == len(refusals(wall, code))


def test_the_private_folder_is_empty_private_and_small(wall: Session) -> None:
    """It is the working folder and the home; a file of 65 MiB does not fit."""
    code = """
        import os, stat, tempfile
        print(os.getcwd() == os.environ["HOME"] == os.environ["TMPDIR"] == tempfile.gettempdir(), os.listdir())
        print(oct(stat.S_IMODE(os.stat(".").st_mode)), os.stat(".").st_uid == os.getuid())
        os.makedirs("a/b")
        with open("a/b/c", "w") as file:
            file.write("x")
        os.rename("a/b/c", "d")
        os.symlink("d", "e")
        print(open("e").read(), sorted(os.listdir()))
        try:
            with open("big", "wb") as file:
                for _ in range(65):
                    file.write(bytes(2**20))
        except OSError as error:
            print("full")
    """
    assert ["True []", "0o700 True", "x ['a', 'd', 'e']", "full"] == wall.observe(code)


def test_nothing_survives_a_worker(wall: Session) -> None:
    """Files, shared memory, semaphores, sockets, threads, the environment: the next one starts empty."""
    leave = """
        import os, threading, time
        for n in range(50):
            open(f"file-{n}", "w").close()
        os.makedirs("deep/" * 20)
        os.mkdir("hidden", 0o300)
        open("hidden/inside", "w").close()
        os.environ["LEFT"] = "behind"
        np.left = "behind"
        threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
    """
    look = """
        import os, threading
        print(os.listdir(), os.environ.get("LEFT"), hasattr(np, "left"), threading.active_count())
    """
    for _ in range(2):
        assert [] == wall.observe(leave)
        assert ["[] None False 1"] == wall.observe(look)


# ------------------------------------------------------------------------------------------------ afterwards


def test_the_session_lives_and_its_files_are_whole(wall: Session, secrets: dict[str, Path]) -> None:
    """After all that a right answer earns every point."""
    assert 30 == wall.grade(RIGHT).score
    assert (FILES / "tests" / "test_hidden.py").read_bytes() == secrets["hidden suite"].read_bytes()
