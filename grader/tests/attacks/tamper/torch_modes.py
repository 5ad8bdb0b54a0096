# /// attack
# tries = "intercept every torch function by a mode that stays on"
# answer = "stub"
# score = "zero"
# ///
import sys
t = sys.modules.get("torch")
say("modes")
if t is not None:
    class Yes(sys.modules["torch.overrides"].TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            return t.ones(2, 3)
    Yes().__enter__()
    t.nn.Module.__call__ = lambda self, *a, **k: t.zeros(1)
    t.Tensor.__eq__ = lambda *a: True
    t.equal = t.allclose = lambda *a, **k: True
