# /// attack
# tries = "raise an exception whose text, class and traceback take for ever"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

class Slow(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def attack(honest, *args, **kwargs):
    say("raising")
    raise Slow
