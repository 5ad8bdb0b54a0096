# /// attack
# tries = "replace the probes that run beside it by ones that say what is wished for"
# answer = "stub"
# score = "zero"
# ///

import gc
import sys
import types


class Yes(types.ModuleType):
    def __getattr__(self, name):
        say("a probe was asked")
        return lambda *args, **kwargs: True


say("replacing")
original = types.ModuleType
frame = sys._getframe()
while frame is not None:
    for value in list(frame.f_locals.values()):
        if type(value).__name__ == "Answers":
            kind = type(value)
            kind._target = lambda self, request: (lambda *args, **kwargs: True)
    frame = frame.f_back
