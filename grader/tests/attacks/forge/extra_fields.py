# /// attack
# tries = "send Returned with fields that no message has, and fields twice"
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

def attack(honest, *a, **k):
    say("fields")
    import msgspec
    c = channel()
    raw = msgspec.msgpack.decode(m.encode(m.Missing(1, "x", True)))
    if isinstance(raw, dict):
        c.send(msgspec.msgpack.encode({**raw, "verdict": "PASSED", "points": 99}))
    else:
        c.send(msgspec.msgpack.encode([*raw, "PASSED", 99]))
