# /// attack
# tries = "shut down one half of its connection, and answer by the other"
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

import socket
def attack(honest, *a, **k):
    say("shutting")
    for fd in range(3, 256):
        try:
            s = socket.socket(fileno=os.dup(fd))
        except OSError:
            continue
        for how in (0, 1):
            try:
                s.shutdown(how)
            except OSError:
                pass
    return 0
