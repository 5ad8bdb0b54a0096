"""The system calls a worker may make: an allow-list, so that a call nobody thought of is refused.

Everything else fails with EPERM. Left out on purpose, with what each would open: socket and its kin (network),
fork, vfork, clone of processes and execve (outliving the run, other programs), kill and its kin (other processes),
ptrace, process_vm_* and pidfd_* (their memory), memfd_create, shm*, msg*, sem* (memory that no limit counts), mount,
unshare, setns, pivot_root (leaving the sandbox), keyctl, bpf, userfaultfd, io_uring_*, perf_event_open (kernel
surface), setsid, setuid and its kin, prctl beyond thread names. chmod, chown, utime and setxattr are left out because
Landlock does not stop them: where there are no mounts, a worker could use them on every file of its user. For the
same reason prlimit is for the worker itself only, and what fcntl and ioctl may do is listed: F_SETOWN and F_SETSIG,
and their kin for sockets, send signals of one's choice to any process.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Iterable
from typing import Final

import seccompy
from seccompy import Action, bpf

from grader.worker import syscalls

_INSTRUCTION: Final = 8
"""The bytes of a ``struct sock_filter``."""

_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
"""Where a ``struct seccomp_data`` has the call's number, and the architecture it is made for."""

# Labels, none of which may be a call's name, such as "kill".
_ALLOW: Final = "(allow)"
_DENY: Final = "(deny)"
_END: Final = "(end the process)"

_CLONE_THREAD: Final = 0x00010000
_CLONE_NEW_ANYTHING: Final = 0x7E020080

ALLOWED: Final = """
    read write close fstat newfstatat statx stat lstat lseek pread64 pwrite64 readv writev preadv pwritev open
    openat creat access faccessat faccessat2 readlink readlinkat getdents64 getcwd chdir fchdir rename renameat
    renameat2 mkdir mkdirat rmdir unlink unlinkat link linkat symlink symlinkat umask truncate ftruncate fallocate
    fsync fdatasync flock statfs fstatfs copy_file_range sendfile mmap munmap mprotect mremap madvise brk mincore
    msync rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigpending rt_sigtimedwait pause alarm setitimer
    getitimer nanosleep clock_nanosleep restart_syscall timer_create timer_settime timer_gettime timer_delete pipe
    pipe2 dup dup2 dup3 poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
    recvfrom sendto recvmsg sendmsg shutdown getsockopt setsockopt getsockname getpeername futex futex_waitv
    set_robust_list get_robust_list set_tid_address rseq membarrier sched_yield sched_getaffinity sched_getparam
    sched_getscheduler getcpu getpriority getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid
    getegid getresuid getresgid getgroups uname sysinfo times getrusage getrlimit capget arch_prctl gettimeofday
    time clock_gettime clock_getres getrandom exit exit_group
""".split()

_PRCTL_ALLOWED: Final = {15: "PR_SET_NAME", 16: "PR_GET_NAME", 0x53564D41: "PR_SET_VMA"}

# Duplicates, flags, locks, the sizes of pipes.
_FCNTL_ALLOWED: Final = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)

# Is it a terminal (two ways), its size, bytes waiting, blocking, close-on-exec.
_IOCTL_ALLOWED: Final = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)


class _Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class SystemCalls:
    """The filter, compiled once in the zygote and put in force in each worker by one system call."""

    def __init__(self, program: bytes) -> None:
        self._pointer = ctypes.byref(_Program(len(program) // _INSTRUCTION, program))

    def restrict(self) -> None:
        """Put it in force for the caller for ever, which can't gain privileges any more. OSError if it is refused."""
        syscalls.restrict_calls(self._pointer)


def build_filter() -> SystemCalls:
    """The filter, ready to be put in force."""
    return SystemCalls(compiled())


def compiled() -> bytes:
    """The filter as instructions of classic BPF. A name that this architecture lacks is passed over.

    The number is looked for by halves: whenever a filter is put in force the kernel runs it on every number there is.
    """
    conditions: dict[str, list[bpf.Insn]] = {
        "prctl": _one_of(0, _PRCTL_ALLOWED),
        "fcntl": _one_of(1, _FCNTL_ALLOWED),
        "ioctl": _one_of(1, _IOCTL_ALLOWED),
        "prlimit64": _one_of(0, (0,)),
        # Threads only: the flags must hold CLONE_THREAD and none that makes a namespace.
        "clone": [
            bpf.Load(_argument(0)),
            bpf.And(_CLONE_THREAD | _CLONE_NEW_ANYTHING),
            bpf.Jump(bpf.BPF_JEQ, _CLONE_THREAD, _ALLOW, _DENY),
        ],
        # The C library falls back from clone3, whose flags a filter can't read, on ENOSYS only.
        "clone3": [bpf.Ret(int(Action.ERRNO) | errno.ENOSYS)],
    }
    endings: dict[str, list[bpf.Insn]] = {
        _DENY: [bpf.Ret(int(Action.ERRNO) | errno.EPERM)],
        _ALLOW: [bpf.Ret(int(Action.ALLOW))],
        _END: [bpf.Ret(int(Action.KILL_PROCESS))],
    }
    named = {**dict.fromkeys(ALLOWED, _ALLOW), **{name: name for name in conditions}}
    targets = {number: target for name, target in named.items() if (number := _number(name)) is not None}
    program: list[bpf.Insn] = [
        bpf.Load(_ARCHITECTURE),
        bpf.Jump(bpf.BPF_JEQ, seccompy.syscalls.audit_arch(), None, _END),
        bpf.Load(_NUMBER),
    ]
    labels: dict[str, int] = {}
    _search(_ranges(targets), program, labels)
    for name, block in {**conditions, **endings}.items():
        labels[name] = len(program)
        program += block
    return bpf.assemble(program, labels)


def _ranges(targets: dict[int, str]) -> list[tuple[int, str]]:
    """Where each run of numbers with the same target begins, from 0 on; what has none is refused."""
    found = [(0, targets.get(0, _DENY))]
    for number in range(1, max(targets) + 2):
        target = targets.get(number, _DENY)
        if target != found[-1][1]:
            found.append((number, target))
    return found


def _search(ranges: list[tuple[int, str]], program: list[bpf.Insn], labels: dict[str, int]) -> str:
    """Append what leads from a number, which is loaded, to its target; returns the label where that begins."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    here = len(program)
    program.append(bpf.Ret(0))
    label = f"from {ranges[0][0]} to {ranges[-1][0]}"
    labels[label] = here
    below = _search(ranges[:middle], program, labels)
    above = _search(ranges[middle:], program, labels)
    program[here] = bpf.Jump(bpf.BPF_JGEQ, ranges[middle][0], above, below)
    return label


def _one_of(argument: int, values: Iterable[int]) -> list[bpf.Insn]:
    """Allow a call whose ``argument`` is one of ``values``, of which all fit into 32 bits."""
    return [
        bpf.Load(_argument(argument) + 4),
        bpf.Jump(bpf.BPF_JEQ, 0, None, _DENY),
        bpf.Load(_argument(argument)),
        *(bpf.Jump(bpf.BPF_JEQ, value, _ALLOW, None) for value in values),
        bpf.Ja(_DENY),
    ]


def _argument(index: int) -> int:
    """Where the lower half of an argument is in a ``struct seccomp_data``; its upper half follows."""
    return 16 + 8 * index


def _number(name: str) -> int | None:
    try:
        return seccompy.syscall_nr(name)
    except (KeyError, ValueError, OSError):
        return None
