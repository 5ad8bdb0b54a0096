# /// attack
# tries = "look for secrets in memory that was freed and not cleared"
# refused = true
# ///

import numpy


def leftovers():
    data = b"".join(numpy.empty(size, "u1").tobytes() for size in (64, 4096, 10**6, 2 * 10**7))
    at = data.find(b"CAN" + b"ARY")
    return loot([data[at : at + 40].decode("latin-1")] if at >= 0 else [])


attempt("uninitialised arrays", leftovers)
