# /// attack
# tries = "close every descriptor in a call"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *a, **k):
    say('x')
    import os; os.closerange(0, 250); return 1
