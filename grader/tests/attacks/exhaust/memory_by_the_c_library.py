# /// attack
# tries = "map memory around Python until it is refused, then give it back and go on"
# answer = "right"
# refused = true
# ///

def take():
    c = ctypes.CDLL(None)
    c.malloc.restype = ctypes.c_void_p
    taken = []
    try:
        while len(taken) < 256:
            taken.append(c.malloc(ctypes.c_size_t(2**26)))
            if not taken[-1]:
                raise MemoryError
        return len(taken)
    finally:
        for block in taken:
            c.free(ctypes.c_void_p(block))


attempt("malloc", take)
