# /// attack
# tries = "delete the tasks, the builtins and the module's own name after defining them"
# answer = "right"
# score = "zero"
# ///

say("deleting")


def attack(honest, *args, **kwargs):
    return honest(*args, **kwargs)


class Vanishing(dict):
    pass


import sys

sys.modules[__name__].__getattr__ = lambda name: (lambda *args, **kwargs: args[0])


def __getattr__(name):
    return lambda *args, **kwargs: True


class TASKS(metaclass=type("Odd", (type,), {"__iter__": lambda self: (globals().pop(n) and 1 for n in list(globals()))})):
    pass
