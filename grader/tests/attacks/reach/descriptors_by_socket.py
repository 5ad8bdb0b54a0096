# /// attack
# tries = "send descriptors to the session, or receive some"
# answer = "right"
# ///

import array
import socket


def attack(honest, *args, **kwargs):
    for descriptor in range(64, 256):
        try:
            own = socket.socket(fileno=os.dup(descriptor))
        except OSError:
            continue
        own.setblocking(False)
        try:
            own.sendmsg([b""], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
        except OSError:
            pass
    say("sent")
    return honest(*args, **kwargs)
