# /// attack
# tries = "change the default dtype, device, threads and layout of every library"
# answer = "stub"
# score = "zero"
# ///
import sys
t = sys.modules.get("torch")
say("defaults")
if t is not None:
    t.set_default_dtype(t.float64)
    t.set_default_device("meta")
    t.set_grad_enabled(False)
    t.set_num_threads(8)
import numpy as np
np.seterr(all="raise")
