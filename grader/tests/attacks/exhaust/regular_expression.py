# /// attack
# tries = "a regular expression that backtracks for ever"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import re


def attack(honest, *args, **kwargs):
    say("matching")
    return re.match("(a|a)*(a|a)*$", "a" * 60 + "b")
