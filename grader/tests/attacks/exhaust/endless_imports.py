# /// attack
# tries = "an import that never ends, and finalisers that do not"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT", "RAISED"]
# ///

import gc


class Undying:
    def __del__(self):
        Undying.kept = Undying()
        while True:
            pass


def attack(honest, *args, **kwargs):
    say("dying")
    Undying()
    gc.collect()
