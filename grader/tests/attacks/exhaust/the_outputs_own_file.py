# /// attack
# tries = "make the file of its output huge, sparse, sealed and mapped"
# ///
import fcntl, mmap
say("first")
for name, f in {
    "truncate": lambda: os.ftruncate(1, 2**45),
    "far": lambda: (os.lseek(1, 2**44, 0), os.write(1, b"x")),
    "allocate": lambda: os.posix_fallocate(1, 0, 2**40),
    "seal": lambda: fcntl.fcntl(1, 1033, 15),
    "map": lambda: mmap.mmap(1, 2**26),
}.items():
    try:
        f()
    except BaseException as error:
        pass
