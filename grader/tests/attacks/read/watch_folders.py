# /// attack
# tries = "be told by the kernel what others open"
# refused = true
# ///

attempt("inotify", libc, "inotify_init1", 0)
attempt("fanotify", libc, "syscall", 300, 0, 0)
attempt("signal on change", lambda: __import__("fcntl").fcntl(os.open(".", os.O_RDONLY), 1026, 1))
attempt("lease", lambda: __import__("fcntl").fcntl(os.open(os.__file__, os.O_RDONLY), 1024, 0))
attempt("perf", libc, "syscall", 298, None, 0, -1, -1, 0)
attempt("performance of others", libc, "syscall", 298, ctypes.create_string_buffer(128), WORLD["sibling"], -1, -1, 0)
