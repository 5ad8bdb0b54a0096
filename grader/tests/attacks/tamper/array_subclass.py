# /// attack
# tries = "return subclasses of arrays and numbers whose operators lie"
# answer = "stub"
# score = "zero"
# ///

import numpy


class Array(numpy.ndarray):
    __array_priority__ = 1e9

    def __eq__(self, other):
        return numpy.ones(self.shape, bool)

    def __sub__(self, other):
        return numpy.zeros(self.shape)

    __rsub__ = __sub__

    def __array_ufunc__(self, *args, **kwargs):
        return numpy.zeros(self.shape)


class Int(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def attack(honest, *args, **kwargs):
    say("subclasses")
    first = args[0] if args else 1
    if isinstance(first, numpy.ndarray):
        return numpy.zeros(first.shape).view(Array)
    return Int(7)
