# /// attack
# tries = "call an address that is no function"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("calling")
    ctypes.CFUNCTYPE(ctypes.c_int)(0xDEADBEEF)()
