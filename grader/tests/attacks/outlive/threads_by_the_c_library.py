# /// attack
# tries = "make threads outside Python that go on after it has ended"
# score = "full"
# ///

thread = ctypes.c_ulong()
function = ctypes.cast(ctypes.CDLL(None).pause, ctypes.c_void_p)
for _ in range(5):
    ctypes.CDLL(None).pthread_create(ctypes.byref(thread), None, function, None)
say("threads")
