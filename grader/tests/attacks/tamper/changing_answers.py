# /// attack
# tries = "return an array, and have a thread change it for ever"
# answer = "stub"
# score = "zero"
# ///

import threading

import numpy


def attack(honest, *args, **kwargs):
    say("changing")
    answer = numpy.zeros(getattr(args[0], "shape", (2,)) if args else (2,))

    def change():
        for number in range(10**6):
            answer[...] = number

    threading.Thread(target=change, daemon=True).start()
    return answer
