# /// attack
# tries = "return sparse, quantised, nested, meta, complex and subclassed tensors"
# answer = "stub"
# score = "zero"
# ///
import sys
t = sys.modules.get("torch")
say("tensors")
n = []
def attack(honest, *a, **k):
    if t is None:
        return None
    n.append(1)
    class Mine(t.Tensor):
        pass
    made = [lambda: t.eye(3).to_sparse(), lambda: t.quantize_per_tensor(t.ones(3), 0.1, 0, t.qint8),
            lambda: t.empty(3, device="meta"), lambda: t.ones(3, dtype=t.complex64), lambda: t.ones(3).as_subclass(Mine),
            lambda: t.ones(3).conj(), lambda: t._neg_view(t.ones(3)), lambda: t.ones(2, 2).to_mkldnn()]
    return made[len(n) % len(made)]()
