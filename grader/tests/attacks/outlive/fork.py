# /// attack
# tries = "fork, once and twice over, and stay"
# refused = true
# ///

def twice():
    if os.fork() == 0:
        if os.fork() == 0:
            while True:
                pass
        os._exit(0)


attempt("fork", os.fork)
attempt("fork twice", twice)
attempt("vfork", libc, "syscall", 58)
attempt("clone", libc, "syscall", 56, 17, 0, 0, 0, 0)
attempt("clone a sibling", libc, "syscall", 56, 0x8000 | 17, 0, 0, 0, 0)
attempt("pty", lambda: __import__("pty").fork())
