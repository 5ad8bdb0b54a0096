# /// attack
# tries = "number its answers by booleans, floats, negative and giant ints"
# answer = "stub"
# score = "zero"
# ///
import sys
def answers():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Answers":
                return value
        frame = frame.f_back
def channel():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Channel":
                return value
        frame = frame.f_back
from grader.wire import messages as m

import struct
def attack(honest, *a, **k):
    say("numbers")
    import msgspec
    c = channel()
    for number in (True, 1.0, -1, 2**63, 2**64 - 1, "1", None):
        c.send(msgspec.msgpack.encode({"type": "Returned", "number": number, "value": 1}))
