# /// attack
# tries = "return ten thousand lists in each other, or an int of a million digits"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *args, **kwargs):
    say("deep")
    if len(args) > 1:
        return 1 << 4_000_000
    nested = []
    for _ in range(10_000):
        nested = [nested]
    return nested
