"""Which files a worker may touch: worked out once in the zygote, put in force in each worker by few system calls.

The names and what the running kernel knows of them are landlockpy's. Its rule sets are not used: built anew in every
worker, of flags that are objects, they took a tenth of what a submission costs.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence

import landlockpy
from landlockpy import AccessFS, Scope

from grader.worker import syscalls

_READ = AccessFS.READ_FILE | AccessFS.READ_DIR | AccessFS.EXECUTE
_READ_FILE = AccessFS.READ_FILE | AccessFS.EXECUTE
_WRITE = (
    AccessFS.WRITE_FILE
    | AccessFS.READ_FILE
    | AccessFS.READ_DIR
    | AccessFS.TRUNCATE
    | AccessFS.MAKE_REG
    | AccessFS.MAKE_DIR
    | AccessFS.MAKE_SYM
    | AccessFS.REMOVE_FILE
    | AccessFS.REMOVE_DIR
    | AccessFS.REFER
)


class _Handled(ctypes.Structure):
    """``struct landlock_ruleset_attr``, as of ABI 6: what is forbidden unless a rule allows it."""

    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """``struct landlock_path_beneath_attr``, which is packed."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


class FileRules:
    """Reading below ``readable``, writing below a worker's own folder, and nothing else; no network either."""

    def __init__(self, readable: Sequence[str]) -> None:
        abi = landlockpy.abi_version()
        known = landlockpy.fs_for_abi(abi)
        scoped = (Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) & landlockpy.scope_for_abi(abi)
        self._handled = _Handled(int(known), int(landlockpy.net_for_abi(abi)), int(scoped))
        self._write = int(_WRITE & known)
        self._rules = [(path, int((_READ if os.path.isdir(path) else _READ_FILE) & known)) for path in readable]
        self._rules.append(("/dev/null", int((AccessFS.READ_FILE | AccessFS.WRITE_FILE) & known)))
        self._rules.append(("/dev/urandom", int(AccessFS.READ_FILE & known)))

    def enforce(self, scratch: str) -> None:
        """Put them in force for the caller for ever; ``scratch`` is its own folder. OSError where the host can't."""
        rules = syscalls.landlock_create(ctypes.byref(self._handled), ctypes.sizeof(self._handled))
        beneath = _Beneath()
        pointer = ctypes.byref(beneath)
        try:
            for path, allowed in (*self._rules, (scratch, self._write)):
                folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
                beneath.allowed, beneath.folder = allowed, folder
                syscalls.landlock_allow(rules, pointer)
                os.close(folder)
            syscalls.landlock_restrict(rules)
        finally:
            os.close(rules)
