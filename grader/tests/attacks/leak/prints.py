# /// attack
# tries = "print every argument, on every stream"
# answer = "right"
# ///

import logging
import sys
import warnings

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("printing")
    print(MARK, args, kwargs)
    print(MARK, args, file=sys.stderr)
    logging.warning("%s %s", MARK, args)
    warnings.warn(f"{MARK} {args}", stacklevel=1)
    return honest(*args, **kwargs)
