# /// attack
# tries = "fill pipes, timers and locks, whose memory is the kernel's"
# answer = "right"
# refused = true
# ///

import fcntl
import signal


def pipes():
    while True:
        read, write = os.pipe()
        fcntl.fcntl(write, 1031, 2**20)
        os.set_blocking(write, False)
        os.write(write, bytes(2**20))


def timers():
    for _ in range(10**6):
        libc("timer_create", 1, None, ctypes.byref(ctypes.c_void_p()))


attempt("pipes", pipes)
for descriptor in range(3, 256):
    try:
        if not __import__("stat").S_ISSOCK(os.fstat(descriptor).st_mode):
            os.close(descriptor)
    except OSError:
        pass
