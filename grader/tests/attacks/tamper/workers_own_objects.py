# /// attack
# tries = "return the worker's own loop, frames and modules"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *a, **k):
    say('x')
    import sys; return sys._getframe(2).f_locals.get('self')
