# /// attack
# tries = "return object arrays, records, masked arrays, half floats and times"
# answer = "stub"
# score = "zero"
# ///

import numpy

KINDS = ("object", "f2", "M8[s]", "U4", "V8", [("a", "f8")], "longdouble", "S3")


def attack(honest, *args, **kwargs):
    say("dtypes")
    number = len(str(args)) % (len(KINDS) + 1)
    if number == len(KINDS):
        return numpy.ma.masked_all(getattr(args[0], "shape", (2,)))
    return numpy.zeros(getattr(args[0], "shape", (2,)) if args else (2,), dtype=KINDS[number])
