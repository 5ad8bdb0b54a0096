# /// attack
# tries = "register an exit handler that ends the process with success, then exit"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

import atexit
import sys


def attack(honest, *args, **kwargs):
    say("leaving")
    atexit.register(os._exit, 0)
    sys.exit(0)
