# /// answer
# right = true
# title = "Hook objects, maps as a property, image by image"
# ///
from functools import reduce

import torch
import torch.nn.functional as F


class Hook:
    def __init__(self, m, f):
        self.stored, self.f = None, f
        self.handle = m.register_forward_hook(self.hook_fn)

    def hook_fn(self, module, inp, out):
        self.f(out)

    def remove(self):
        self.handle.remove()


class Catcher:
    def __init__(self, model, names):
        self._mods = {n: reduce(lambda m, a: m._modules[a], n.split("."), model) for n in names}
        self._stored = {}
        self._hooks = ()

    @property
    def maps(self):
        return dict(self._stored)

    def __enter__(self):
        def put(name):
            return lambda o: self._stored.update({name: o.data.clone()})

        self._hooks = tuple(Hook(m, put(n)) for n, m in self._mods.items())
        return self

    def __exit__(self, *args):
        for h in self._hooks:
            h.remove()


def dead_filters(maps):
    n, c, h, w = maps.shape
    per = maps.permute(1, 0, 2, 3).reshape(c, n * h * w)
    return torch.tensor([i for i in range(c) if not per[i].bool().any()], dtype=torch.long)


def grad_cam(model, layer, x, target=None):
    mods = dict(model.named_modules())
    mod = mods[layer] if isinstance(layer, str) else layer
    keep = []

    def f(m, i, o):
        leaf = o.detach().clone().requires_grad_(True)
        keep.append(leaf)
        return leaf.view_as(leaf).clone()

    hook = mod.register_forward_hook(f)
    out = model(x)
    hook.remove()
    maps, = keep
    idx = out.max(dim=1).indices if target is None else target
    res = []
    for k in range(len(x)):
        g, = torch.autograd.grad(out[k, idx[k]], maps, retain_graph=True)
        a, g = maps[k].detach(), g[k]
        c = (g.mean((1, 2))[:, None, None] * a).sum(0)
        c = F.relu(c)
        c = F.interpolate(c[None, None], x.shape[-2:], mode="bilinear", align_corners=False)[0, 0]
        c = c - c.min()
        res.append(c / c.max() if c.max() > 0 else c)
    return torch.stack(res)
