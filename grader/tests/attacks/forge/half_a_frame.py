# /// attack
# tries = "announce a long frame and never send it"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import time


def attack(honest, *args, **kwargs):
    say("announced")
    for descriptor in range(3, 256):
        try:
            _write(descriptor, (10**6).to_bytes(4, "big"))
        except OSError:
            pass
    time.sleep(99)
