# /// attack
# tries = "leave by way of mounts, namespaces, BPF, io_uring, modules and the like"
# refused = true
# ///

attempt("mount", libc, "mount", b"none", b".", b"tmpfs", 0, None)
attempt("bind", libc, "mount", b"/", b".", None, 4096, None)
attempt("proc", libc, "mount", b"proc", b".", b"proc", 0, None)
attempt("umount", libc, "umount2", b"/proc", 2)
attempt("root", os.chroot, ".")
attempt("pivot", libc, "syscall", 155, b".", b".")
attempt("tree", libc, "syscall", 428, -100, b"/", 1)
for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
    attempt(f"unshare {flag:x}", libc, "unshare", flag)
    attempt(f"setns {flag:x}", libc, "setns", 0, flag)
attempt("bpf", libc, "syscall", 321, 0, None, 0)
attempt("io_uring", libc, "syscall", 425, 1, ctypes.create_string_buffer(200))
attempt("userfaultfd", libc, "syscall", 323, 0)
attempt("module", libc, "syscall", 313, -1, b"", 0)
attempt("kexec", libc, "syscall", 246, 0, 0, None, 0)
attempt("reboot", libc, "syscall", 169, 0, 0, 0, None)
attempt("clock", libc, "clock_settime", 0, (ctypes.c_long * 2)(0, 0))
attempt("host name", libc, "sethostname", b"x", 1)
attempt("swap", libc, "swapon", b"x", 0)
attempt("accounting", libc, "acct", b"x")
attempt("personality", libc, "personality", 0x0400000)
attempt("dumpable", libc, "prctl", 4, 1, 0, 0, 0)
attempt("tracer", libc, "prctl", 0x59616D61, -1, 0, 0, 0)
attempt("user", libc, "setuid", 0 if os.getuid() else 1)
attempt("capabilities", libc, "prctl", 47, 2, 21, 0, 0)
attempt("no filter", libc, "syscall", 317, 0, 0, None)
