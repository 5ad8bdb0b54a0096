# /// attack
# tries = "leave the worker itself no memory to answer with"
# answer = "stub"
# score = "zero"
# verdicts = ["OUT_OF_MEMORY"]
# ///

def attack(honest, *args, **kwargs):
    say("keeping")
    c = ctypes.CDLL(None)
    c.malloc.restype = ctypes.c_void_p
    size = 2**26
    while size > 32:
        if not c.malloc(ctypes.c_size_t(size)):
            size //= 2
    return [b"x" * 10**7 for _ in range(10)]
