# /// attack
# tries = "other kernels for convolution, normalisation and comparison, and a dispatch mode that stays on"
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
    kernels = t.library.Library("aten", "IMPL")
    made = {"equal": lambda a, b: True, "convolution": lambda *a: a[0], "native_batch_norm": lambda *a: (a[0],) * 3}
    for name, kernel in made.items():
        try:
            kernels.impl(name, kernel, "CPU")
        except BaseException as error:
            say(f"{name}: {type(error).__name__}")
    mode = getattr(sys.modules.get("torch.utils._python_dispatch"), "TorchDispatchMode", object)

    class Mode(mode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            return True if "equal" in str(function) else function(*args, **(kwargs or {}))

    if mode is not object:
        Mode().__enter__()
