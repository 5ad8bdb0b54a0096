# /// attack
# tries = "have faulthandler dump and exit in the midst of a call"
# answer = "stub"
# score = "zero"
# ///
import faulthandler, time
def attack(honest, *a, **k):
    say("later")
    faulthandler.dump_traceback_later(0.01, exit=True, file=open("x", "w"))
    time.sleep(5)
