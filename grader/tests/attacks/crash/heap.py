# /// attack
# tries = "write beyond an array and free memory twice"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "FAILED", "RAISED", "TIMED_OUT", "OUT_OF_MEMORY"]
# ///

import numpy


def attack(honest, *args, **kwargs):
    say("writing")
    array = numpy.zeros(4)
    ctypes.memset(array.ctypes.data, 255, 10**5)
    c = ctypes.CDLL(None)
    c.free(ctypes.c_void_p(array.ctypes.data))
    c.free(ctypes.c_void_p(array.ctypes.data))
