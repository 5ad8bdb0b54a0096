# /// attack
# tries = "marshal, pickle and machine code of no known origin"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED"]
# ///

import marshal
import mmap


def attack(honest, *args, **kwargs):
    say("garbage")
    memory = mmap.mmap(-1, 4096, prot=7)
    memory.write(b"\x0f\x0b" * 2000)
    if len(args) > 1:
        return exec(marshal.loads(b"\xe3" + b"\0" * 200))
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
