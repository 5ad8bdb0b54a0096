# /// attack
# tries = "answer honestly, and have a thread overwrite the arguments of every call that was answered"
# answer = "right"
# score = "full"
# ///
import sys
import numpy as np
t = sys.modules.get("torch")

import threading
import time
kept = []


def attack(honest, *args, **kwargs):
    y = honest(*args, **kwargs)
    kept.append(args)
    return y


def later():
    while True:
        time.sleep(0.001)
        # The last call's are still looked at: who overwrites these fails by its own doing.
        for args in kept[:-1]:
            for each in args:
                if type(each) is np.ndarray and each.flags.writeable:
                    each[...] = 0


threading.Thread(target=later, daemon=True).start()
say("later")
