# /// attack
# tries = "start threads until it is refused"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED"]
# ///

import threading

say("starting")


def start():
    threading.stack_size(32 * 1024)
    gate = threading.Event()
    started = []
    try:
        for _ in range(50_000):
            started.append(threading.Thread(target=gate.wait, daemon=True))
            started[-1].start()
    finally:
        gate.set()
        for thread in started[:-1]:
            thread.join()


attempt("threads", start)
