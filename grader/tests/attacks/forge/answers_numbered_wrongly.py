# /// attack
# tries = "answer each call as if it were the next"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m
R=m.Returned
m.Returned=lambda n,v,a=None: R(n+1,v,a)
say('x')
def attack(honest, *a, **k):
    say('x')
    return 1
