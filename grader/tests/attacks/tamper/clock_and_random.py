# /// attack
# tries = "stop the clocks, and seed every generator with the same number"
# answer = "right"
# score = "full"
# ///

import random
import time

import numpy

say("stopping")
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
random.seed(0)
numpy.random.seed(0)
random.random = lambda: 0.5
