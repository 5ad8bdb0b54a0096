# /// attack
# tries = "return a generator that never ends, and an object that never finishes being read"
# answer = "stub"
# score = "zero"
# ///

import itertools
import time


class Slow:
    def __getattr__(self, name):
        time.sleep(10**6)


def attack(honest, *args, **kwargs):
    say("endless")
    return itertools.count() if len(args) > 1 else Slow()
