# /// attack
# tries = "overflow the C stack"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED", "OUT_OF_MEMORY", "TIMED_OUT"]
# ///

import sys


def attack(honest, *args, **kwargs):
    say("recursing")
    sys.setrecursionlimit(10**9)
    nested = ()
    for _ in range(10**6):
        nested = (nested,)
    return hash(nested)
