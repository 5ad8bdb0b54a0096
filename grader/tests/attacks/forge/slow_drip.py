# /// attack
# tries = "send a frame a byte at a time, for ever"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import time


def attack(honest, *args, **kwargs):
    say("dripping")
    data = (10**6).to_bytes(4, "big")
    while True:
        for descriptor in range(64, 256):
            try:
                _write(descriptor, data)
            except OSError:
                pass
        data = b"x"
        time.sleep(0.02)
