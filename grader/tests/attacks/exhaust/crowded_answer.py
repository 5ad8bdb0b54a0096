# /// attack
# tries = "return a million small values, or two lists in each other"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *args, **kwargs):
    say("crowded")
    if len(args) > 1:
        return [[]] * 10**6
    one = []
    two = [one]
    one.append(two)
    return one
