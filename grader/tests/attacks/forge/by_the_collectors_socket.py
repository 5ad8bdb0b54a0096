# /// attack
# tries = "find the worker's socket among all objects, and answer by it"
# answer = "stub"
# score = "zero"
# ///

import gc
import socket

from grader.wire import messages as m


def attack(honest, *args, **kwargs):
    for each in gc.get_objects():
        if isinstance(each, socket.socket):
            say("found a socket")
            for number in range(1, 60):
                data = m.encode(m.Returned(number, True))
                each.sendall(len(data).to_bytes(4, "big") + data)
    say("done")
