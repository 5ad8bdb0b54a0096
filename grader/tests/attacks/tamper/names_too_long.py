# /// attack
# tries = "return an object whose class's name is ten megabytes"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *a, **k):
    say('x')
    return type('x' * 10**7, (), {})()
