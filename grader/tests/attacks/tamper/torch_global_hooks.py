# /// attack
# tries = "hooks of every module, and a __call__ that answers in forward's place"
# answer = "stub"
# score = "zero"
# ///
import sys
import numpy as np
t = sys.modules.get("torch")

class Fake(t.nn.Module if t else object):
    def __init__(self, *args, **kwargs):
        super().__init__()
        args = [*args, *kwargs.values()]
        self.i, self.o, self.s = args[0], args[1], args[2] if len(args) > 2 else 1
        self.build()

    def build(self):
        pass

    def noise(self, x):
        n, c, h, w = x.shape
        return t.rand(n, self.o * self.expansion, -(-h // self.s), -(-w // self.s))

    def forward(self, x):
        return self.noise(x)


def attack(honest, *args, **kwargs):
    say("made")
    if t is None:
        return np.zeros((2, 2))

    class Block(Fake):
        expansion = 4 if honest.__name__ == "Bottleneck" else 1

    return Block(*args, **kwargs)


if t:
    modules = sys.modules["torch.nn.modules.module"]
    modules.register_module_forward_hook(lambda m, i, o: t.rand_like(o) if t.is_tensor(o) else o)
    modules.register_module_forward_pre_hook(lambda m, i: i)
    modules.register_module_full_backward_hook(lambda m, before, after: before)
    t.nn.Module.__call__ = lambda self, x, *rest, **options: t.rand_like(x) if t.is_tensor(x) else x
