# /// attack
# tries = "recurse without end, with no limit"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED", "OUT_OF_MEMORY", "TIMED_OUT"]
# ///

import sys


def attack(honest, *args, **kwargs):
    say("recursing")
    sys.setrecursionlimit(10**9)

    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "x")

    return Deep().x
