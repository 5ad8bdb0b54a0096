# /// attack
# tries = "write a Returned for every call to every descriptor, whenever it is called"
# answer = "stub"
# score = "zero"
# ///

import numpy
from grader.wire import messages as m
from grader.wire.codec import Codec


def attack(honest, *args, **kwargs):
    say("forging")
    for number in range(1, 60):
        data = m.encode(m.Returned(number, Codec().pack(numpy.zeros(2))[0]))
        for descriptor in range(3, 256):
            try:
                _write(descriptor, len(data).to_bytes(4, "big") + data)
            except OSError:
                pass
    return args[0] if args else None
