# /// answer
# right = true
# title = "The gradient of a perturbation of 0 that a hook adds to the maps"
# ///
import torch
import torch.nn.functional as F


class Catcher:
    def __init__(self, model, names):
        self.model = model
        self.names = list(names)
        self.maps = {}
        self.handles = []

    def make_hook(self, name):
        def hook(module, inp, out):
            self.maps[name] = out.detach().clone()

        return hook

    def __enter__(self):
        modules = dict(self.model.named_modules())
        for name in self.names:
            self.handles.append(modules[name].register_forward_hook(self.make_hook(name)))
        return self

    def __exit__(self, *exc):
        for h in self.handles:
            h.remove()
        self.handles = []


def dead_filters(maps):
    alive = (maps != 0).sum(dim=(0, 2, 3))
    return torch.where(alive == 0)[0]


def grad_cam(model, layer, x, target=None):
    layer = model.get_submodule(layer) if isinstance(layer, str) else layer
    seen = {}

    def nudge(m, i, o):
        seen["a"] = o.detach().clone()
        seen["e"] = torch.zeros_like(o, requires_grad=True)
        return o + seen["e"]

    h = layer.register_forward_hook(nudge)
    try:
        with torch.enable_grad():
            y = model(x)
    finally:
        h.remove()
    t = y.argmax(1) if target is None else target
    onehot = F.one_hot(t, y.shape[1]).to(y)
    g = torch.autograd.grad(y, seen["e"], grad_outputs=onehot)[0]
    cam = torch.einsum("nc,nchw->nhw", g.sum((2, 3)), seen["a"]).clamp_min(0)
    cam = F.interpolate(cam[:, None], size=tuple(x.shape[-2:]), mode="bilinear", align_corners=False)[:, 0]
    flat = cam.flatten(1)
    lo, hi = flat.min(1).values[:, None, None], flat.max(1).values[:, None, None]
    return torch.nan_to_num((cam - lo) / (hi - lo), nan=0.0)
