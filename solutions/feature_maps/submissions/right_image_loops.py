# /// answer
# right = true
# title = "One forward pass, then a loop over the images"
# ///
import torch
import torch.nn.functional as F


def find(model, name):
    for found, module in model.named_modules():
        if found == name:
            return module
    raise ValueError(f"no layer {name}")


class Catcher:
    def __init__(self, model, names):
        self.model, self.names, self.maps = model, tuple(names), {}

    def __enter__(self):
        self.hooks = {}
        for name in self.names:
            self.hooks[name] = find(self.model, name).register_forward_hook(
                lambda m, i, o, name=name: self.maps.__setitem__(name, o.clone().detach())
            )
        return self

    def __exit__(self, a, b, c):
        while self.hooks:
            self.hooks.popitem()[1].remove()


def dead_filters(maps):
    dead = []
    for c in range(maps.shape[1]):
        if not torch.any(maps[:, c] != 0):
            dead.append(c)
    return torch.tensor(dead, dtype=torch.long)


def grad_cam(model, layer, x, target=None):
    if isinstance(layer, str):
        layer = find(model, layer)
    box = []

    def replace(m, i, o):
        box.append(o.detach().clone())
        box[0].requires_grad = True
        return box[0] + 0

    handle = layer.register_forward_hook(replace)
    with torch.enable_grad():
        logits = model(x)
    handle.remove()
    out = torch.zeros(x.shape[0], x.shape[2], x.shape[3])
    for n in range(x.shape[0]):
        k = int(logits[n].argmax()) if target is None else int(target[n])
        grads = torch.autograd.grad(logits[n, k], box[0], retain_graph=True)[0][n]
        cam = torch.zeros(grads.shape[1:])
        for c in range(grads.shape[0]):
            cam += grads[c].mean() * box[0][n, c].detach()
        cam = torch.maximum(cam, torch.tensor(0.0))
        cam = F.interpolate(cam[None, None], size=out.shape[1:], mode="bilinear", align_corners=False)[0, 0]
        if cam.max() > cam.min():
            out[n] = (cam - cam.min()) / (cam.max() - cam.min())
    return out
