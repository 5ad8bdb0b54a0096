# /// answer
# mistake = "map-not-cloned"
# title = "the map shares its memory with the layer's output, and an in-place ReLU overwrites it"
# hint = "detach() gives the same memory; clone() copies it."
# points = {Catcher = 12, dead_filters = 7, grad_cam = 20}
# ///
import contextlib
import torch
from torch import nn
from torch.nn import functional as F


class Catcher:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.layers = {n: modules[n] for n in names}
        self.maps = {}
        self.stack = None

    def __enter__(self):
        self.maps.clear()
        self.stack = contextlib.ExitStack()
        for n, m in self.layers.items():
            handle = m.register_forward_hook(lambda mod, inp, out, n=n: self._keep(n, out))
            self.stack.callback(handle.remove)
        return self

    def _keep(self, n, out):
        self.maps[n] = out

    def __exit__(self, kind, error, traceback):
        self.stack.close()


def dead_filters(maps):
    dead = [c for c in range(maps.shape[1]) if not maps[:, c].any()]
    return torch.tensor(dead, dtype=torch.int64)


def grad_cam(model, layer, x, target=None):
    if not isinstance(layer, nn.Module):
        layer = dict(model.named_modules())[layer]
    box = []

    def grab(module, inputs, out):
        leaf = out.detach().clone().requires_grad_(True)
        box.append(leaf)
        return leaf * 1

    hook = layer.register_forward_hook(grab)
    with torch.enable_grad():
        out = model(x)
        hook.remove()
        classes = out.argmax(1) if target is None else target
        chosen = out[torch.arange(x.shape[0]), classes]
        grad = torch.autograd.grad(chosen.sum(), box[0])[0]
    A = box[0].detach()
    weight = grad.flatten(2).mean(-1)
    cams = torch.einsum("nc,nchw->nhw", weight, A).clamp(min=0)
    cams = F.interpolate(cams.unsqueeze(1), size=tuple(x.shape[-2:]), mode="bilinear").squeeze(1)
    results = []
    for cam in cams:
        cam = cam - cam.min()
        if cam.max() > 0:
            cam = cam / cam.max()
        results.append(cam)
    return torch.stack(results)
