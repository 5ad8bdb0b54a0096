# /// attack
# tries = "find the worker's own loop in the frames, and change what it answers"
# answer = "stub"
# score = "zero"
# ///

import sys

from grader.wire import messages as m

frame = sys._getframe()
while frame is not None:
    for value in list(frame.f_locals.values()):
        if type(value).__name__ == "Answers":
            say("found the loop")
            type(value)._do = lambda self, request: m.Returned(request.number, True)
        if type(value).__name__ == "Channel":
            value.send_before = value.send
    frame = frame.f_back
say("done")
