# /// attack
# tries = "fill a dict whose keys all collide"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

def attack(honest, *args, **kwargs):
    say("colliding")
    return {number * (2**61 - 1): None for number in range(10**6)}
