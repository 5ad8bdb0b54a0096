# /// attack
# tries = "put another object in the place of its own module"
# answer = "stub"
# score = "zero"
# ///

import sys


class Module:
    def __getattr__(self, name):
        return lambda *args, **kwargs: args[0] if args else None


sys.modules[__name__] = sys.modules[SLUG] = sys.modules["__main__"] = Module()
__class__ = Module
say("replaced")
