# /// attack
# tries = "the same while a hidden check is running, from inside the call"
# refused = true
# ///

import sys


def attack(honest, *args, **kwargs):
    def climb():
        frame, texts = sys._getframe(), []
        while frame is not None:
            texts += [repr(value)[:10_000] for value in [*frame.f_locals.values(), *frame.f_globals.values()]]
            frame = frame.f_back
        return loot(texts)

    attempt("climb in a call", climb)
    return honest(*args, **kwargs)
