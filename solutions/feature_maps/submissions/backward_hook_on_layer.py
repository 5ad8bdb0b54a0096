# /// answer
# mistake = "backward-hook-on-layer"
# title = "the gradient comes from a backward hook of the layer, which in-place layers and frozen parameters defeat"
# hint = "Ask for the gradient of the maps themselves: torch.autograd.grad(score, maps)."
# points = {Catcher = 18, dead_filters = 7, grad_cam = 15.6}
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
    layer = dict(model.named_modules())[layer] if isinstance(layer, str) else layer
    acts, grads = [], []
    h1 = layer.register_forward_hook(lambda m, i, o: acts.append(o.detach().clone()))
    h2 = layer.register_full_backward_hook(lambda m, gi, go: grads.append(go[0]))
    logits = model(x)
    if target is None:
        target = logits.argmax(1)
    old = [p.grad for p in model.parameters()]
    logits.gather(1, target[:, None]).sum().backward()
    for p, g in zip(model.parameters(), old):
        p.grad = g
    h1.remove()
    h2.remove()
    w = grads[0].mean((2, 3), keepdim=True)
    c = F.interpolate((w * acts[0]).sum(1, keepdim=True).relu(), x.shape[2:], mode="bilinear")[:, 0]
    c = c - c.amin((1, 2), keepdim=True)
    top = c.amax((1, 2), keepdim=True)
    return torch.where(top > 0, c / top, torch.zeros_like(c))
