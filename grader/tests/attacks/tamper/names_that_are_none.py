# /// attack
# tries = "return an object whose class raises when it is asked its name"
# answer = "stub"
# score = "zero"
# ///

class M(type):
    @property
    def __name__(c): raise SystemExit
class E(metaclass=M): pass
def attack(honest, *a, **k):
    say('x')
    return E()
