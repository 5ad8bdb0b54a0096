# /// attack
# tries = "layers whose class, weights and parametrisations are not what they are computed with"
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
    class Posing:
        __class__ = property(lambda self: t.nn.Conv2d)
        weight = property(lambda self: t.ones(4, 4, 3, 3))
        kernel_size, bias, num_features = (3, 3), None, 4

        def parameters(self, recurse=True):
            return iter([])

    class Nothing(t.nn.Module):
        def forward(self, w):
            return t.zeros_like(w)

        def right_inverse(self, w):
            return w

    def build(self):
        self.conv = t.nn.Conv2d(self.i, self.o, 3, bias=False)
        parametrize = sys.modules.get("torch.nn.utils.parametrize")
        if parametrize:
            parametrize.register_parametrization(self.conv, "weight", Nothing())

    Fake.build = build
    Fake.modules = lambda self: iter([Posing(), Posing()])
