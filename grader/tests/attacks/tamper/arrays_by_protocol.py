# /// attack
# tries = "return objects that pose as arrays by every protocol NumPy knows"
# answer = "stub"
# score = "zero"
# ///
import numpy as np
class Posing:
    def __init__(self, y): self.y = y
    def __array__(self, *a, **k): return np.ones(3)
    __array_interface__ = {"shape": (10**9,), "typestr": "<f8", "data": (8, False), "version": 3}
    __array_priority__ = 1e9
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
    def __len__(self): return 10**18
    def __getitem__(self, i): return self
    def __float__(self): return 1.0
    def __index__(self): return 1
    def __dlpack__(self, *a, **k): return None
say("posing")
def attack(honest, *a, **k):
    return Posing(1)
