# /// attack
# tries = "print the environment, the arguments and the interpreter's paths"
# answer = "right"
# ///

import sys

say(f"environment: {dict(os.environ)} {sys.argv} {sys.orig_argv} {sys.path} {sys.flags}")
say(f"C's environment: {[ctypes.CDLL(None).getenv(name) for name in (b'SECRET', b'TOKEN', b'PYTHONPATH')]}")
