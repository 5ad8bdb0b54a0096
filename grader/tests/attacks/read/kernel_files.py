# /// attack
# tries = "the devices and kernel files in which all memory can be read"
# refused = true
# ///

for path in ("/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/proc/kcore", "/proc/kallsyms", "/proc/1/mem", "/dev/vda",
             "/dev/fd/3", "/sys/kernel/debug", "/etc/shadow", "/etc/passwd", "/proc/net/tcp", "/proc/version"):
    attempt(path, open, path, "rb")
attempt("kernel log", libc, "klogctl", 3, ctypes.create_string_buffer(1000), 1000)
