# /// attack
# tries = "raise an exception with twenty thousand causes"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *a, **k):
    say('x')
    e = None
    for i in range(20000):
        n = ValueError(i); n.__cause__ = e; e = n
    raise e
