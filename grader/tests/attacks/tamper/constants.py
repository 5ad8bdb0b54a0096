# /// attack
# tries = "overwrite small ints, True and None in memory"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *args, **kwargs):
    say("overwriting")
    for number in range(-5, 200):
        ctypes.memset(id(number) + 24, 1, 4)
    ctypes.memmove(id(False) + 24, id(True) + 24, 4)
