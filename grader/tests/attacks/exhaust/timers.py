# /// attack
# tries = "have a signal handler raise every ten milliseconds"
# answer = "stub"
# score = "zero"
# ///

import signal
signal.signal(signal.SIGALRM, lambda *x: 1/0)
say('x')
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
