# /// attack
# tries = "return arrays of zero stride, of overlapping memory and of memory that is not theirs"
# answer = "stub"
# score = "zero"
# ///

import numpy


def attack(honest, *args, **kwargs):
    say("strided")
    base = numpy.zeros(1)
    if len(args) == 2:
        return numpy.lib.stride_tricks.as_strided(base, (2**20, 2**20), (0, 0))
    return numpy.broadcast_to(base, getattr(args[0], "shape", (2,)) if args else (2,))
