"""What every attack begins with: an attacker who knows the host, and says what was tried.

``WORLD`` (paths, ports and processes worth touching), ``TASKS`` and ``SLUG`` stand before this text. ``attempt`` writes
one line for each thing tried: refused, or DONE with what came of it.
"""

import builtins as _builtins
import ctypes
import errno as _errno
import os
import re as _re

_write, _tried = os.write, set()


def say(text):
    """One line for the instructor, past whatever sys.stdout has become."""
    try:
        _write(2, f"TRIED {text}\n".encode("utf-8", "backslashreplace"))
    except OSError:
        pass


def attempt(name, function, *args, **options):
    """Try it once, and say how it went; returns what came, or None."""
    if name in _tried:
        return None
    _tried.add(name)
    try:
        result = function(*args, **options)
    except BaseException as error:
        number = getattr(error, "errno", None)
        say(f"{name}: refused ({_errno.errorcode.get(number) or type(error).__name__})")
        return None
    say(f"{name}: DONE {result!r}"[:400])
    return result


def libc(function, *args):
    """Call the C library; OSError where it returns -1."""
    ctypes.set_errno(0)
    result = ctypes.CDLL(None, use_errno=True)[function](*args)
    if result == -1:
        raise OSError(ctypes.get_errno(), function)
    return result


def loot(values):
    """The secrets in the texts ``values``; LookupError if there are none."""
    found = [secret for text in values for secret in _re.findall("CANARY-[0-9a-f]{16}", text)]
    if not found:
        raise LookupError("nothing found")
    return found
