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
from typing import Final

import seccompy
from seccompy import Action, ArgCmp, CmpOp

from grader.worker import syscalls

_INSTRUCTION: Final = 8
"""The bytes of a ``struct sock_filter``."""

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
    """The filter, compiled. A name that this architecture lacks is passed over."""
    deny = int(Action.ERRNO) | errno.EPERM
    rules = seccompy.Filter(default=deny)
    for name in ALLOWED:
        if _exists(name):
            rules.allow(name)
    for option in _PRCTL_ALLOWED:
        rules.allow("prctl", args=[ArgCmp(0, CmpOp.EQ, option)])
    for command in _FCNTL_ALLOWED:
        rules.allow("fcntl", args=[ArgCmp(1, CmpOp.EQ, command)])
    for request in _IOCTL_ALLOWED:
        rules.allow("ioctl", args=[ArgCmp(1, CmpOp.EQ, request)])
    rules.allow("prlimit64", args=[ArgCmp(0, CmpOp.EQ, 0)])
    # Threads only: the flags must hold CLONE_THREAD and none that makes a namespace.
    mask = _CLONE_THREAD | _CLONE_NEW_ANYTHING
    rules.allow("clone", args=[ArgCmp(0, CmpOp.MASKED_EQ, _CLONE_THREAD, mask)])
    # The C library falls back from clone3, whose flags a filter can't read, on ENOSYS only.
    rules.errno("clone3", errno.ENOSYS)
    return SystemCalls(rules.program)


def _exists(name: str) -> bool:
    try:
        seccompy.syscall_nr(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
