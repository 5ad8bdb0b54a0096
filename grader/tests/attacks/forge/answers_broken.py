# /// attack
# tries = "answer each call by a message of another stage: broken"
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
    say("broken")
    channel().send(m.encode(m.Broken('host')))
