"""What a submission can't get from the kernel, tried from inside a worker: network, processes, system calls."""

from __future__ import annotations

import os

from grader.tests.toy import Session
from grader.tests.walls import refusals

# ------------------------------------------------------------------------------------------------ reaching out


def test_there_is_no_network(wall: Session) -> None:
    """No socket of any family or kind, and the worker's own can't be turned into another."""
    code = """
    for family in (*range(0, 46), 255):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            attempt(f"{family} {kind}", socket.socket, family, kind)
    attempt("pair", socket.socketpair)
    attempt("getaddrinfo", socket.getaddrinfo, "localhost", 80)
    attempt("connection", socket.create_connection, ("127.0.0.1", 22), 1)
    attempt("server", socket.create_server, ("127.0.0.1", 0))
    for descriptor in range(3, 300):
        try:
            own = socket.socket(fileno=os.dup(descriptor))
        except OSError:
            continue
        attempt("connect", own.connect, "\\0abstract")
        attempt("bind", own.bind, "\\0abstract")
        attempt("bind here", own.bind, "name")
        attempt("listen", own.listen)
        attempt("accept", own.accept)
        attempt("send elsewhere", own.sendto, b"x", "\\0abstract")
    """
    assert {"EPERM"} <= set(refusals(wall, code).values()) <= {"EPERM", "EISCONN", "EOPNOTSUPP", "EAI_FAIL", "gaierror"}


def test_no_process_can_be_made_or_touched(wall: Session) -> None:
    """No fork, no program, no signal to another, no priority, no limit, no group."""
    code = f"""
    import fcntl, multiprocessing, resource, signal, subprocess
    attempt("fork", os.fork)
    attempt("vfork", call, "syscall", 58)
    attempt("clone", call, "syscall", 56, 17, 0, 0, 0, 0)
    attempt("clone3", call, "syscall", 435, (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17), 88)
    attempt("run", subprocess.run, ["true"])
    attempt("shell", lambda: 1 / (os.system("true") == 0))
    attempt("exec", os.execv, sys.executable, ["python"])
    attempt("execveat", call, "syscall", 322, -100, sys.executable.encode(), None, None, 0)
    attempt("spawn", os.posix_spawn, sys.executable, ["python"], {{}})
    attempt("process", multiprocessing.get_context("fork").Process(target=print).start)
    for pid in (0, -1, os.getpid(), os.getppid() or 1, {os.getpid()}, {wall.process.pid}):
        attempt(f"kill {{pid}}", os.kill, pid, 0)
        attempt(f"tgkill {{pid}}", call, "syscall", 234, pid, pid, 0)
        attempt(f"queue {{pid}}", call, "sigqueue", pid, 0, 0)
        attempt(f"group {{pid}}", os.killpg, abs(pid), 0)
    for pid in (os.getppid() or 2, {os.getpid()}, {wall.process.pid}):
        attempt(f"limit {{pid}}", resource.prlimit, pid, resource.RLIMIT_NOFILE)
        attempt(f"lower {{pid}}", resource.prlimit, pid, resource.RLIMIT_CORE, (0, 0))
        attempt(f"nice {{pid}}", os.setpriority, os.PRIO_PROCESS, pid, 0)
        attempt(f"processors {{pid}}", os.sched_setaffinity, pid, os.sched_getaffinity(0))
        read, write = os.pipe()
        attempt(f"owner {{pid}}", fcntl.fcntl, read, fcntl.F_SETOWN, pid)
        attempt(f"ioctl owner {{pid}}", fcntl.ioctl, read, 0x8901, pid.to_bytes(4, "little"))
        attempt(f"signal of one's choice {{pid}}", fcntl.fcntl, read, 10, 9)
    attempt("lift", resource.setrlimit, resource.RLIMIT_AS, (-1, -1))
    attempt("session", os.setsid)
    attempt("user", os.setuid, 0 if os.getuid() else 1)
    attempt("root", os.setresuid, 0, 0, 0 if os.getuid() else 1)
    attempt("groups", os.setgroups, [0])
    """
    assert 55 < len(refusals(wall, code))


def test_the_kernel_offers_little(wall: Session) -> None:
    """No memory that no limit counts, no mount, no namespace, no keyring, no tracing, nothing that needs privilege."""
    code = """
    from multiprocessing import shared_memory
    attempt("memfd", os.memfd_create, "x")
    attempt("shared memory", shared_memory.SharedMemory, "x", True, 100)
    attempt("shmget", call, "shmget", 1, 100, 0o1600)
    attempt("msgget", call, "msgget", 1, 0o1600)
    attempt("semget", call, "semget", 1, 1, 0o1600)
    attempt("mq_open", call, "syscall", 240, b"x", 0o102, 0o600, None)
    attempt("mount", call, "mount", b"none", b".", b"tmpfs", 0, None)
    attempt("bind mount", call, "mount", b"/", b".", None, 4096, None)
    attempt("umount", call, "umount2", b".", 0)
    attempt("open tree", call, "syscall", 428, -100, b"/", 1)
    attempt("move mount", call, "syscall", 429, -1, b"", -1, b"", 0)
    attempt("chroot", os.chroot, ".")
    attempt("pivot root", call, "syscall", 155, b".", b".")
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x80):
        attempt(f"unshare {flag:x}", call, "unshare", flag)
        attempt(f"setns {flag:x}", call, "setns", 0, flag)
        attempt(f"clone {flag:x}", call, "syscall", 56, flag | 17, 0, 0, 0, 0)
    attempt("keyring", call, "syscall", 250, 0, -3, 0, 0, 0)
    attempt("add key", call, "syscall", 248, b"user", b"x", b"x", 1, -3)
    attempt("bpf", call, "syscall", 321, 0, None, 0)
    attempt("perf", call, "syscall", 298, None, 0, -1, -1, 0)
    attempt("userfaultfd", call, "syscall", 323, 0)
    attempt("io_uring", call, "syscall", 425, 1, None)
    attempt("fanotify", call, "syscall", 300, 0, 0)
    attempt("inotify", call, "inotify_init")
    attempt("handle", call, "syscall", 303, -100, b"/", None, None, 0)
    attempt("open by handle", call, "syscall", 304, -1, None, 0)
    attempt("node", os.mknod, "x", 0o20600, os.makedev(1, 1))
    attempt("host name", socket.sethostname, socket.gethostname())
    attempt("clock", lambda: __import__("time").clock_settime(0, __import__("time").time()))
    attempt("module", call, "syscall", 175, None, 0, b"")
    attempt("personality", call, "personality", 0x0040000)
    attempt("dumpable", call, "prctl", 4, 1, 0, 0, 0)
    attempt("traceable", call, "prctl", 0x59616D61, -1, 0, 0, 0)
    attempt("parent's death", call, "prctl", 1, 0, 0, 0, 0)
    attempt("subreaper", call, "prctl", 36, 1, 0, 0, 0)
    attempt("landlock", call, "syscall", 444, None, 0, 1)
    attempt("seccomp", call, "syscall", 317, 0, 0, None)
    attempt("quota", call, "quotactl", 0, b"", 0, None)
    attempt("lock memory", call, "mlockall", 1)
    """
    assert 50 < len(refusals(wall, code))


def test_files_can_t_be_smuggled_through_the_socket(wall: Session) -> None:
    """A descriptor sent to the session is dropped by it, and none comes back."""
    code = """
        import array, os, socket

        def total(numbers):
            for descriptor in range(3, 300):
                try:
                    own = socket.socket(fileno=os.dup(descriptor))
                except OSError:
                    continue
                before = socket.SCM_RIGHTS, array.array("i", [0, 1, 2])
                own.sendmsg([b""], [(socket.SOL_SOCKET, *before)])
            if not numbers:
                raise ValueError
            return sum(numbers)
    """
    descriptors = f"/proc/{wall.process.pid}/fd"
    wall.observe("")
    before = len(os.listdir(descriptors))
    wall.observe(code)
    assert before == len(os.listdir(descriptors))
