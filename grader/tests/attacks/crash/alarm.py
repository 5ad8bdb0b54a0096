# /// attack
# tries = "let a timer end the process in the middle of a check"
# answer = "stub"
# score = "zero"
# ///

import signal
say('x')
signal.setitimer(signal.ITIMER_REAL, 0.05)
