# /// attack
# tries = "claim of each task that it is missing, or that it is banned, with a name of ten megabytes"
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
    say("missing")
    frame = sys._getframe()
    c = channel()
    for n in range(1, 5):
        c.send(m.encode(m.Missing(n, "x" * 10**7, True)))
        c.send(m.encode(m.Forbidden(n, "y" * 10**6, None)))
