# /// attack
# tries = "send other arguments back than came"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m
R=m.Returned
m.Returned=lambda n,v,a=None: R(n,v,[1,2,3])
say('x')
def attack(honest, *a, **k):
    say('x')
    return 1
