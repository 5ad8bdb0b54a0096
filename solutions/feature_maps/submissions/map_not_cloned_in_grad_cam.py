# /// answer
# mistake = "map-not-cloned"
# title = "the map shares its memory with the layer's output, and an in-place ReLU overwrites it"
# hint = "detach() gives the same memory; clone() copies it."
# points = {Catcher = 18, dead_filters = 7, grad_cam = 18.4}
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
    if isinstance(layer, str):
        layer = model.get_submodule(layer)
    store = {}

    def hook(module, inp, out):
        store["a"] = out if out.requires_grad else out.requires_grad_()

    handle = layer.register_forward_hook(hook)
    try:
        logits = model(x.clone().requires_grad_())
    finally:
        handle.remove()
    if target is None:
        target = logits.argmax(dim=1)
    score = logits[torch.arange(len(x)), target].sum()
    a = store["a"]
    grad = torch.autograd.grad(score, a)[0]
    w = grad.mean(dim=(2, 3), keepdim=True)
    cam = F.relu((w * a.detach()).sum(dim=1, keepdim=True))
    cam = F.interpolate(cam, size=x.shape[-2:], mode="bilinear", align_corners=False).squeeze(1)
    lo = cam.amin(dim=(1, 2), keepdim=True)
    hi = cam.amax(dim=(1, 2), keepdim=True)
    span = hi - lo
    span[span == 0] = 1
    return (cam - lo) / span
