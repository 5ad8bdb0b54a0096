# /// attack
# tries = "open files by the C library, around whatever watches Python"
# refused = true
# ///

for name in ("secret", "hidden"):
    path = WORLD[name].encode()
    attempt(f"open {name}", libc, "open", path, 0)
    attempt(f"openat {name}", libc, "openat", -100, path, 0)
    attempt(f"openat2 {name}", libc, "syscall", 437, -100, path, (ctypes.c_uint64 * 3)(0, 0, 0), 24)
    attempt(f"creat {name}", libc, "creat", path, 0o600)
    attempt(f"handle {name}", libc, "syscall", 303, -100, path, ctypes.create_string_buffer(200), ctypes.c_int(), 0)
    attempt(f"attribute {name}", libc, "getxattr", path, b"user.x", ctypes.create_string_buffer(200), 200)
    attempt(f"load {name}", ctypes.CDLL, WORLD[name])
attempt("shell", lambda: 1 / (libc("system", b"cat /etc/passwd >&2") == 0))
attempt("popen", lambda: os.popen("cat /etc/passwd").read())
