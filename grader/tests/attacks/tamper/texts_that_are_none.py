# /// attack
# tries = "raise an exception whose text is no plain text"
# answer = "stub"
# score = "zero"
# ///

class S(str):
    def __getitem__(s, i): raise SystemExit
    encode = None
class E(Exception):
    def __str__(s): return S('x')
def attack(honest, *a, **k):
    say('x')
    raise E
