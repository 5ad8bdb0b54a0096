# /// attack
# tries = "have every answer sent twice"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m
from grader.wire.frames import Channel
s=Channel.send
def send(self, data, timeout=None):
    s(self, data); s(self, data)
Channel.send=send
say('x')
