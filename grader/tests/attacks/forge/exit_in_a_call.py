# /// attack
# tries = "leave by sys.exit and by os._exit while a check waits"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED"]
# ///

import sys


def attack(honest, *args, **kwargs):
    say("leaving")
    if len(args) > 1:
        sys.exit(0)
    os._exit(0)
