# /// attack
# tries = "read address 0"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("crashing")
    ctypes.string_at(0)
