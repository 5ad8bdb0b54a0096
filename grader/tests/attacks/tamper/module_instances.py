# /// attack
# tries = "a metaclass and an __instancecheck__ that make everything a module"
# answer = "stub"
# score = "zero"
# ///

import sys

library = sys.modules.get("torch")


class Meta(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True

    def __call__(cls, *args, **kwargs):
        return cls

    def __getattr__(cls, name):
        return lambda *args, **kwargs: args[0] if args else cls


class Everything(metaclass=Meta):
    pass


if library is not None and hasattr(library, "nn"):
    library.nn.Module = library.nn.Conv2d = library.nn.BatchNorm2d = Everything
say("patched")


def attack(honest, *args, **kwargs):
    return Everything
