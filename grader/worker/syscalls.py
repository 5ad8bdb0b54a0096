"""The few system calls that Python does not wrap, by ctypes, on x86-64 and AArch64 Linux."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
from typing import Any, Final

NEW_USER: Final = 0x10000000
NEW_NETWORK: Final = 0x40000000
NEW_NAMESPACES: Final = 0x00020000 | 0x04000000 | 0x08000000 | NEW_USER | 0x20000000
"""CLONE_NEWNS | NEWUTS | NEWIPC | NEWUSER | NEWPID: all that a worker is forked into."""

CAP_SYS_ADMIN: Final = 21

MS_RDONLY: Final = 1
MS_NOSUID: Final = 2
MS_NODEV: Final = 4
MS_NOEXEC: Final = 8

_CLONE_NUMBER: Final = {"x86_64": 56, "aarch64": 220}
_CLONE3_NUMBER: Final = 435
_CLONE_INTO_CGROUP: Final = 0x200000000
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_PR_CAPBSET_DROP: Final = 24
_PR_SET_NO_NEW_PRIVS: Final = 38
_LANDLOCK_CREATE: Final = 444
_LANDLOCK_ALLOW: Final = 445
_LANDLOCK_RESTRICT: Final = 446
_LANDLOCK_BENEATH: Final = 1
_CAPABILITY_VERSION_3: Final = 0x20080522
_LAST_CAPABILITY: Final = 63
_USED: Final = ("capset", "mount", "prctl", "setns", "syscall", "unshare")

# Made once: to make a type of array takes as long as ten system calls.
_CloneArguments = ctypes.c_uint64 * 11
_CAPABILITIES: Final = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_NONE: Final = (ctypes.c_uint32 * 6)()


class _Libc:
    """libc, loaded on first use: a module-level CDLL would fail to import where there is none."""

    _loaded: ctypes.CDLL | None = None
    _held: ctypes.PyDLL | None = None

    @classmethod
    def get(cls) -> ctypes.CDLL:
        if cls._loaded is None:
            cls._loaded = ctypes.CDLL(None, use_errno=True)
            for name in _USED:
                # Looked up now: a zygote asks before it forks, and its workers find them.
                getattr(cls._loaded, name)
        return cls._loaded

    @classmethod
    def holding(cls) -> ctypes.PyDLL:
        """The same, for calls during which the GIL stays held."""
        if cls._held is None:
            cls._held = ctypes.PyDLL(None, use_errno=True)
            cls._held.syscall.restype = ctypes.c_long
        return cls._held


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def fork_into(namespaces: int, group: int | None) -> int:
    """Like ``os.fork``, with the child as the first in new ``namespaces`` (flags), and in the cgroup behind ``group``.

    One ``clone`` costs half of what fork, unshare and fork again do, and moving a process to a group later makes the
    kernel wait for all processors. The interpreter is told before and after, as ``os.fork`` does; OSError where the
    host forbids it.
    """
    number = _CLONE_NUMBER.get(platform.machine())
    if number is None:
        raise OSError(f"clone is not known on {platform.machine()}")
    # The GIL is held across the call, so that the child owns it too.
    call = _Libc.holding().syscall
    api = ctypes.pythonapi
    arguments: tuple[Any, ...] = (number, ctypes.c_long(namespaces | signal.SIGCHLD), None, None, None, None)
    if group is not None:
        # flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup
        request = _CloneArguments(namespaces | _CLONE_INTO_CGROUP, 0, 0, 0, signal.SIGCHLD, *[0] * 5, group)
        arguments = (_CLONE3_NUMBER, ctypes.byref(request), ctypes.c_size_t(ctypes.sizeof(request)))
    api.PyOS_BeforeFork()
    pid = int(call(*arguments))
    if pid == 0:
        api.PyOS_AfterFork_Child()
        return 0
    failure = ctypes.get_errno()
    api.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(failure, f"clone: {os.strerror(failure)}")
    return pid


def unshare(namespaces: int) -> None:
    """Move the caller into new ``namespaces`` (flags); OSError where the host forbids it."""
    _checked(_Libc.get().unshare(namespaces), "unshare")


def enter_namespace(descriptor: int, kind: int) -> None:
    """Move the caller into the namespace behind ``descriptor``, which is of ``kind`` (a flag)."""
    _checked(_Libc.get().setns(descriptor, kind), "setns")


def map_user(uid: int, gid: int) -> None:
    """Map the caller's user and group to themselves in its new user namespace, so that files it makes have an owner.

    ``uid`` and ``gid`` are what they were before the namespace was made: inside, unmapped, they can't be asked for.
    """
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def mount_tmpfs(target: str, options: str, flags: int) -> None:
    """Mount an empty tmpfs on ``target``; OSError if the kernel refuses."""
    result = _Libc.get().mount(b"tmpfs", target.encode(), b"tmpfs", ctypes.c_ulong(flags), options.encode())
    _checked(result, f"mount {target}")


def die_with_parent() -> None:
    """Ask the kernel to kill the caller when its parent ends."""
    _checked(_Libc.get().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def forbid_inspection() -> None:
    """Make the caller non-dumpable: nobody of its own user can trace it or read its memory."""
    _checked(_Libc.get().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")


def no_new_privileges() -> None:
    """Forbid the caller, for ever, to gain privileges by executing a file."""
    _checked(_Libc.get().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def keep_capability(capability: int) -> None:
    """Give up what the caller may do in its user namespace, but for ``capability``, one of the first 32."""
    kept = 1 << capability
    _checked(_Libc.get().capset(_CAPABILITIES, (ctypes.c_uint32 * 6)(kept, kept)), "capset")


def drop_capabilities() -> None:
    """Empty the caller's capability sets, the bounding set included where it may."""
    libc = _Libc.get()
    drop = libc.prctl
    for capability in range(_LAST_CAPABILITY + 1):
        if drop(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    _checked(libc.capset(_CAPABILITIES, _NONE), "capset")


# ctypes.byref gives a type that has no public name.
def restrict_calls(program: Any) -> None:
    """Load the filter whose structure is behind ``program`` into the caller, which can't gain privileges any more."""
    result = _Libc.get().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0)
    _checked(result, "prctl(PR_SET_SECCOMP)")


def landlock_create(handled: Any, size: int) -> int:
    """A rule set that handles what the structure behind ``handled`` says, as a descriptor."""
    descriptor = int(_Libc.get().syscall(_LANDLOCK_CREATE, handled, size, 0))
    _checked(min(descriptor, 0), "landlock_create_ruleset")
    return descriptor


def landlock_allow(rules: int, beneath: Any) -> None:
    """Add what the structure behind ``beneath`` allows to a rule set."""
    _checked(_Libc.get().syscall(_LANDLOCK_ALLOW, rules, _LANDLOCK_BENEATH, beneath, 0), "landlock_add_rule")


def landlock_restrict(rules: int) -> None:
    """Put a rule set in force for the caller, which can't gain privileges any more, and for all it starts."""
    _checked(_Libc.get().syscall(_LANDLOCK_RESTRICT, rules, 0), "landlock_restrict_self")
