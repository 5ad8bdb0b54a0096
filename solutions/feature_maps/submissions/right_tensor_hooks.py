# /// answer
# right = true
# title = "Maps and gradients by a hook on the tensor, parameters' .grad saved and put back"
# ///
import collections

import torch
from torch.nn.functional import interpolate


class Catcher:
    def __init__(self, model, names):
        self.maps = collections.OrderedDict()
        self._modules = [(n, model.get_submodule(n)) for n in names]
        self._handles = []

    def __enter__(self):
        self.maps = collections.OrderedDict()
        lookup = {}
        for name, module in self._modules:
            lookup.setdefault(module, []).append(name)

        def hook(module, args, output):
            for name in lookup[module]:
                self.maps[name] = torch.empty_like(output, requires_grad=False).copy_(output.detach())

        self._handles = [module.register_forward_hook(hook) for module in lookup]
        return self

    def __exit__(self, *args):
        [handle.remove() for handle in self._handles]


def dead_filters(maps):
    biggest = maps.abs().amax(dim=(0, 2, 3))
    return torch.arange(maps.shape[1])[biggest == 0]


def grad_cam(model, layer, x, target=None):
    module = dict(model.named_modules())[layer] if isinstance(layer, str) else layer
    old = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    seen = {}

    def forward_hook(mod, args, out):
        seen["maps"] = out.detach().clone()
        out = out.clone()
        out.register_hook(lambda g: seen.__setitem__("grads", g.clone()))
        return out * 1.0

    handle = module.register_forward_hook(forward_hook)
    try:
        logits = model(x.detach().clone().requires_grad_())
        labels = logits.argmax(-1) if target is None else target
        torch.gather(logits, 1, labels.view(-1, 1)).mean().backward()
    finally:
        handle.remove()
        for p, grad in zip(model.parameters(), old):
            p.grad = grad
    weights = seen["grads"].flatten(2).mean(2)
    cam = (weights[..., None, None] * seen["maps"]).sum(1).relu()
    cam = interpolate(cam.unsqueeze(1), x.shape[2:], mode="bilinear").squeeze(1)
    lowest = cam.amin((1, 2)).view(-1, 1, 1)
    highest = cam.amax((1, 2)).view(-1, 1, 1)
    return torch.where(highest > lowest, (cam - lowest) / (highest - lowest), torch.zeros(()))
