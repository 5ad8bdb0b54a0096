# /// attack
# tries = "print without end"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import sys


def attack(honest, *args, **kwargs):
    say("printing")
    while True:
        print("x" * 10_000)
        sys.stderr.write("y" * 10_000)
