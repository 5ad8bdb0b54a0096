# /// attack
# tries = "run C code that lets no signal and no thread through"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

def attack(honest, *args, **kwargs):
    say("in C")
    return sum(range(10**14))
