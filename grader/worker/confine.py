"""How a worker locks itself in, before it reads a byte of a submission.

At level ``full`` a worker is forked into namespaces of its own and mounts an empty private directory; Landlock and
seccomp stand beneath. At level ``landlock`` there are no namespaces.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path

from grader.wire.messages import Policy
from grader.worker import syscalls
from grader.worker.landlock import FileRules
from grader.worker.seccomp import build_filter

HIDDEN = ("/proc",)
"""What a worker's own mount namespace covers with an empty directory."""


class Confinement:
    """What the zygote prepares once for all its workers: the compiled filter, and its own size."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._base_memory = _address_space()
        self._uid, self._gid = os.getuid(), os.getgid()
        self._calls = build_filter()
        self._rules = FileRules(policy.readable)

    def fork(self, group: int | None) -> int:
        """Fork a worker, into the cgroup behind descriptor ``group``: 0 in the child, its pid in the parent.

        At level ``full`` it is in the caller's network namespace, and in others of its own.
        """
        if self.policy.level == "full":
            return syscalls.fork_into(syscalls.NEW_NAMESPACES, group)
        return os.fork() if group is None else syscalls.fork_into(0, group)

    def enter(self, scratch: str) -> None:
        """Confine the calling worker for ever; ``scratch`` becomes its only writable directory.

        OSError if any part is refused: a worker that is not confined must not go on.
        """
        policy = self.policy
        if policy.level == "full":
            syscalls.map_user(self._uid, self._gid)
            flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
            syscalls.mount_tmpfs(scratch, f"size={policy.scratch_bytes},nr_inodes=4096,mode=0700", flags)
            for path in HIDDEN:
                syscalls.mount_tmpfs(path, "size=4096,nr_inodes=2,mode=0555", flags | syscalls.MS_RDONLY)
        else:
            syscalls.die_with_parent()
            os.setsid()
        os.chdir(scratch)
        os.umask(0o077)
        self._limit()
        self._landlock(scratch)
        syscalls.drop_capabilities()
        syscalls.forbid_inspection()
        self._calls.restrict()

    def _limit(self) -> None:
        policy = self.policy
        limits = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_CPU: policy.cpu_seconds,
            # Without a file system of its own, files that have no name any more are bounded by this alone.
            resource.RLIMIT_FSIZE: policy.scratch_bytes if policy.level == "full" else policy.scratch_bytes // 4,
            resource.RLIMIT_NOFILE: 256,
            resource.RLIMIT_MEMLOCK: 0,
        }
        if self._base_memory:
            limits[resource.RLIMIT_AS] = self._base_memory + policy.memory_bytes
        if policy.level == "full":
            # Elsewhere the limit would count every process of the user, the grader's own included.
            limits[resource.RLIMIT_NPROC] = 64
        for kind, value in limits.items():
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))

    def _landlock(self, scratch: str) -> None:
        self._rules.enforce(scratch)


def _address_space() -> int:
    """The caller's virtual memory in bytes, to which a worker's own allowance is added; 0 where it can't be read."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
