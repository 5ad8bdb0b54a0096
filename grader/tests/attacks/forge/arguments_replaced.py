# /// attack
# tries = "have its own functions called with other arguments"
# answer = "stub"
# score = "zero"
# ///

from grader.wire.unpacking import Unpacker
Unpacker.unpack=lambda self,*v:[0]*len(v)
say('x')
