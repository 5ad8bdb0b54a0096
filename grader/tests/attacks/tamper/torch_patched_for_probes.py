# /// attack
# tries = "replace what a probe sets weights by: copy_, clone, detach, no_grad, Generator and randn"
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
    t.Tensor.copy_ = lambda self, *args, **kwargs: self
    t.Tensor.clone = t.Tensor.detach = lambda self, *args, **kwargs: t.ones(1)
    t.no_grad.__enter__ = lambda self: None
    t.randn = lambda *args, **kwargs: t.zeros(1)
