# /// attack
# tries = "return an array of a gigabyte that takes no memory"
# answer = "stub"
# score = "zero"
# verdicts = ["FAILED"]
# ///

import numpy


def attack(honest, *args, **kwargs):
    say("large")
    return numpy.broadcast_to(numpy.zeros(1), (2**27,))
