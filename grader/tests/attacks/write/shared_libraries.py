# /// attack
# tries = "write to the libraries that every later worker runs, through what it may read"
# refused = true
# ///

import mmap

import numpy

for path in (os.__file__, numpy.__file__, numpy._core._multiarray_umath.__file__):
    descriptor = os.open(path, os.O_RDONLY)
    attempt(f"mode {path}", os.fchmod, descriptor, 0o777)
    attempt(f"write {path}", os.write, descriptor, b"x")
    attempt(f"map {path}", lambda: mmap.mmap(descriptor, 0, prot=mmap.PROT_READ | mmap.PROT_WRITE))
    attempt(f"open {path}", open, path, "r+b")
    attempt(f"truncate {path}", os.ftruncate, descriptor, 0)
    attempt(f"again {path}", open, f"/proc/self/fd/{descriptor}", "r+b")
    attempt(f"flags {path}", libc, "ioctl", descriptor, 0x40086602, ctypes.byref(ctypes.c_long(16)))
