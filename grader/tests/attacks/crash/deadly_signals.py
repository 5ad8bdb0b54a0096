# /// attack
# tries = "raise deadly signals in its own process"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED"]
# ///

import signal


def attack(honest, *args, **kwargs):
    say("signals")
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGILL, signal.SIGSYS, signal.SIGSTOP):
        try:
            signal.raise_signal(number)
        except OSError:
            pass
    ctypes.CDLL(None).abort()
