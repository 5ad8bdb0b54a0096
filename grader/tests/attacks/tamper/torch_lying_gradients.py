# /// attack
# tries = "an autograd.Function whose backward is made up, and hooks on gradients"
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
    class Made(t.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.shape = x.shape
            return y.clone()

        @staticmethod
        def backward(ctx, g):
            return t.ones(ctx.shape), None

    def forward(self, x):
        y = Made.apply(x, self.noise(x))
        if y.requires_grad:
            y.register_hook(lambda g: t.ones_like(g))
        return y

    Fake.forward = forward
    t.autograd.grad = lambda y, x, *rest, **options: (t.ones(x.shape),)
