# /// attack
# tries = "sleep, which costs no processor time"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import time


def attack(honest, *args, **kwargs):
    say("sleeping")
    time.sleep(10**6)
