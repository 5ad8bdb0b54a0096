"""The filter of system calls says of every call what a plain list of the same rules says."""

from __future__ import annotations

import errno
import struct
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("system calls are filtered on Linux", allow_module_level=True)

import seccompy
from hypothesis import given
from hypothesis import strategies as st
from seccompy import Action, ArgCmp, CmpOp

from grader.worker import seccomp

CLONE_NEWPID = 0x20000000
TIOCSTI = 0x5412
HALVES = st.sampled_from([0, 1, 15, 36, 1030, 0x5401, 0x10000, 0x10200, CLONE_NEWPID | 0x10000, 0x53564D41, 2**32 - 1])
ARGUMENTS = st.one_of(HALVES, st.builds(lambda low, high: high << 32 | low, HALVES, HALVES), st.integers(0, 2**64 - 1))
NUMBERS = st.one_of(st.integers(0, 600), st.integers(0, 600).map(lambda n: n | 1 << 30), st.integers(0, 2**32 - 1))


def plain_list() -> bytes:
    """The same rules, compiled by the library: one comparison after the other."""
    rules = seccompy.Filter(default=int(Action.ERRNO) | errno.EPERM)
    for name in seccomp.ALLOWED:
        if exists(name):
            rules.allow(name)
    options = {"prctl": (0, (15, 16, 0x53564D41)), "prlimit64": (0, (0,))}
    options |= {"fcntl": (1, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032))}
    options |= {"ioctl": (1, (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451))}
    for name, (argument, values) in options.items():
        for value in values:
            rules.allow(name, args=[ArgCmp(argument, CmpOp.EQ, value)])
    rules.allow("clone", args=[ArgCmp(0, CmpOp.MASKED_EQ, 0x10000, 0x10000 | 0x7E020080)])
    rules.errno("clone3", errno.ENOSYS)
    return rules.program


def exists(name: str) -> bool:
    """Whether this architecture has a call of that name."""
    try:
        return bool(seccompy.syscall_nr(name) >= 0)
    except (KeyError, ValueError, OSError):
        return False


def verdict(program: bytes, data: bytes) -> int:
    """What the kernel would conclude: classic BPF, as far as these two programs use it."""
    instructions = list(struct.iter_unpack("<HBBI", program))
    at = accumulator = 0
    while True:
        code, true, false, k = instructions[at]
        at += 1
        if code == seccompy.bpf.BPF_RET_K:
            return int(k)
        if code == seccompy.bpf.BPF_LD_ABS_W:
            accumulator = int.from_bytes(data[k : k + 4], "little")
        elif code == seccompy.bpf.BPF_ALU_AND_K:
            accumulator &= k
        elif code == seccompy.bpf.BPF_JA:
            at += k
        else:
            compare = {seccompy.bpf.BPF_JEQ: accumulator == k, seccompy.bpf.BPF_JGEQ: accumulator >= k}
            at += true if compare[code] else false


def call(number: int, arguments: list[int], architecture: int = seccompy.syscalls.audit_arch()) -> bytes:
    """A ``struct seccomp_data``."""
    return struct.pack("<IIQ6Q", number, architecture, 0, *arguments)


OURS, PLAIN = seccomp.compiled(), plain_list()


@given(NUMBERS, st.lists(ARGUMENTS, min_size=6, max_size=6))
def test_any_call_is_decided_as_by_a_plain_list(number: int, arguments: list[int]) -> None:
    """Whatever the number and the arguments."""
    data = call(number, arguments)
    assert verdict(OURS, data) == verdict(PLAIN, data)


def test_every_number_there_is_is_decided_as_by_a_plain_list() -> None:
    """With arguments that the rules which look at them allow, and with others."""
    for number in range(1024):
        for argument in (0, 1, 15, 36, 0x5401, 0x10000, CLONE_NEWPID, 1 << 32):
            data = call(number, [argument] * 6)
            assert verdict(OURS, data) == verdict(PLAIN, data), number


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("read", [0] * 6, int(Action.ALLOW)),
        ("socket", [0] * 6, int(Action.ERRNO) | errno.EPERM),
        ("execve", [0] * 6, int(Action.ERRNO) | errno.EPERM),
        ("clone", [0x10000, 0, 0, 0, 0, 0], int(Action.ALLOW)),
        ("clone", [0x10000 | CLONE_NEWPID, 0, 0, 0, 0, 0], int(Action.ERRNO) | errno.EPERM),
        ("clone3", [0] * 6, int(Action.ERRNO) | errno.ENOSYS),
        ("ioctl", [0, TIOCSTI, 0, 0, 0, 0], int(Action.ERRNO) | errno.EPERM),
        ("ioctl", [0, 0x5401 | 1 << 32, 0, 0, 0, 0], int(Action.ERRNO) | errno.EPERM),
    ],
)
def test_calls_by_name(name: str, arguments: list[int], expected: int) -> None:
    """What is allowed is, and what would open a door is not."""
    assert verdict(OURS, call(seccompy.syscall_nr(name), arguments)) == expected


def test_another_architecture_is_the_end() -> None:
    """Its numbers mean other calls."""
    assert verdict(OURS, call(0, [0] * 6, architecture=0x40000003)) == int(Action.KILL_PROCESS)
