# /// attack
# tries = "restrict itself so often that nothing more can be restricted"
# answer = "stub"
# score = "zero"
# ///
say("layers")
for _ in range(40):
    try:
        fd = libc("syscall", 444, ctypes.create_string_buffer(b"\xff\xff" + bytes(14)), 8, 0)
        libc("syscall", 446, fd, 0)
    except OSError:
        break
