# /// attack
# tries = "return tensors without memory: resized to nothing, wrapped, fake, escaped from vmap, forged by DLPack"
# answer = "stub"
# score = "zero"
# ///
import sys
import numpy as np
t = sys.modules.get("torch")

import ctypes
kept, turn = [], []


def wrapped():
    class Wrapped(t.Tensor):
        @staticmethod
        def __new__(cls):
            return t.Tensor._make_wrapper_subclass(cls, (2**30, 2**20), dtype=t.float32)

        @classmethod
        def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
            return t.ones(3)

    return Wrapped()


def resized():
    y = t.ones(2, 4, 3, 5)
    y.untyped_storage().resize_(0)
    return y


def forged():
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    kept.append(ctypes.create_string_buffer(b"A" * 200))
    return t.from_dlpack(new(ctypes.addressof(kept[-1]), b"dltensor", None))


def escaped():
    t.func.vmap(lambda z: (kept.append(z), z)[1])(t.ones(3))
    return kept[-1]


def attack(honest, *args, **kwargs):
    say("hollow")
    turn.append(1)
    if t is None:
        return None
    return [wrapped, resized, forged, escaped, lambda: t.ones(1).expand(2**40), lambda: t.ones(2, 3, names=("a", "b")),
            lambda: t.nested.nested_tensor([t.ones(2), t.ones(3)])][len(turn) % 7]()
