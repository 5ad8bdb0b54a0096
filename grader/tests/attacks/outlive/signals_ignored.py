# /// attack
# tries = "ignore and block every signal, then hang in a call"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import signal


def attack(honest, *args, **kwargs):
    say("deaf")
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
