# /// attack
# tries = "fill arrays until there is no memory"
# answer = "stub"
# score = "zero"
# verdicts = ["OUT_OF_MEMORY"]
# ///

import numpy


def attack(honest, *args, **kwargs):
    say("growing")
    grown = []
    while True:
        grown.append(numpy.ones(2**21))
