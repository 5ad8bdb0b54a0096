# /// attack
# tries = "answer every call with as many bytes as may cross"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *a, **k):
    say('x')
    return 'é' * (30 * 2**20)
