# /// attack
# tries = "return dicts with NaN, tuples, frozensets and themselves as keys"
# answer = "stub"
# score = "zero"
# ///
say("keys")
def attack(honest, *a, **k):
    nan = float("nan")
    return {nan: 1, float("nan"): 2, (1, (2,)): 3, frozenset([1]): 4, True: 5, 1.0: 6}
