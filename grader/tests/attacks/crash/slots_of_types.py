# /// attack
# tries = "overwrite the slots of int, list and dict, and run code objects that lie about their stack"
# answer = "stub"
# score = "zero"
# ///
import ctypes
turn = []
say("slots")


def attack(honest, *args, **kwargs):
    turn.append(1)
    if len(turn) % 2:
        def f():
            return 1
        f.__code__ = f.__code__.replace(co_stacksize=0, co_consts=())
        return f()
    for kind in (int, list, tuple, dict, bytes):
        ctypes.c_ssize_t.from_address(id(kind) + 32).value = -1
    return [1]
