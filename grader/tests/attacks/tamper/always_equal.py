# /// attack
# tries = "return an object that is equal to everything, and of every shape"
# answer = "stub"
# score = "zero"
# ///

import numpy


class Yes:
    shape, ndim, size, dtype = (2, 2), 2, 4, numpy.dtype(float)
    __array_priority__ = 1e9

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __le__ = __lt__ = __ge__ = __gt__ = __contains__ = __eq__
    __hash__ = None

    def __array__(self, *args, **kwargs):
        return numpy.zeros(2)

    def __array_ufunc__(self, *args, **kwargs):
        return numpy.True_

    def __array_function__(self, *args, **kwargs):
        return True

    def __getattr__(self, name):
        return lambda *args, **kwargs: self

    __sub__ = __rsub__ = __add__ = __getitem__ = lambda self, other: self

    def __iter__(self):
        return iter([self])

    def __call__(self, *args, **kwargs):
        return self


def attack(honest, *args, **kwargs):
    say("yes")
    return Yes()
