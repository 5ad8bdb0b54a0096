# /// attack
# tries = "return objects whose __class__ is an array, a module or an int"
# answer = "stub"
# score = "zero"
# ///

import sys

import numpy


def liar(kind):
    return type(kind.__name__, (), {"__class__": property(lambda self: kind), "__module__": kind.__module__,
                                    "__eq__": lambda self, other: True, "__hash__": lambda self: 0})()


def attack(honest, *args, **kwargs):
    say("lying")
    library = sys.modules.get("torch")
    kind = getattr(getattr(library, "nn", None), "Module", numpy.ndarray)
    return liar(kind)
