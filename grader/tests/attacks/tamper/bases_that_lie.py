# /// attack
# tries = "raise an exception that lies about its bases"
# answer = "stub"
# score = "zero"
# ///

class M(type):
    @property
    def __mro__(c): return (SystemExit, KeyboardInterrupt)
    def mro(c): return [c, Exception, BaseException, object]
class E(Exception, metaclass=M): pass
def attack(honest, *a, **k):
    say('x')
    raise E
