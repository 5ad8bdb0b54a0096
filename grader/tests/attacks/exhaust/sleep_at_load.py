# /// attack
# tries = "wait for ever when loaded, on a lock and for input"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

import threading

say("waiting")
input_text = __import__("sys").stdin.read()
threading.Event().wait()
