# /// attack
# tries = "return an object that exits when it is compared, hashed or asked for its class"
# answer = "stub"
# score = "zero"
# ///

class E:
    def __eq__(s, o): raise SystemExit
    def __hash__(s): raise SystemExit
    def __bool__(s): raise SystemExit
    def __class_getitem__(c, x): raise SystemExit
    __class__ = property(lambda s: 1/0)
def attack(honest, *a, **k):
    say('x')
    return E()
