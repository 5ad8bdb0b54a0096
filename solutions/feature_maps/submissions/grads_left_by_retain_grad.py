# /// answer
# mistake = "grads-left-on-parameters"
# title = "backward() leaves .grad on the parameters"
# hint = "torch.autograd.grad returns the gradient and touches nothing."
# points = {Catcher = 18, dead_filters = 7, grad_cam = 18.8}
# ///
import torch
import torch.nn.functional as F


class Catcher:
    def __init__(self, model, names):
        self.model = model
        self.names = list(names)
        self.maps = {}
        self._handles = []

    def _make_hook(self, name):
        def hook(module, args, output):
            self.maps[name] = output.detach().clone()
        return hook

    def __enter__(self):
        self.maps = {}
        for name in self.names:
            layer = self.model.get_submodule(name)
            self._handles.append(layer.register_forward_hook(self._make_hook(name)))
        return self

    def __exit__(self, *exc):
        for h in self._handles:
            h.remove()
        self._handles = []


def dead_filters(maps):
    total = maps.ne(0).sum(dim=(0, 2, 3))
    return torch.where(total == 0)[0]


def grad_cam(model, layer, x, target=None):
    if isinstance(layer, str):
        layer = model.get_submodule(layer)
    caught = {}

    def hook(module, args, output):
        if not output.requires_grad:
            output.requires_grad_()
        caught["A"] = output
        caught["values"] = output.detach().clone()
        return output.clone()

    handle = layer.register_forward_hook(hook)
    try:
        with torch.enable_grad():
            logits = model(x)
    finally:
        handle.remove()
    if target is None:
        target = logits.argmax(dim=1)
    score = logits.gather(1, target[:, None]).sum()
    caught["A"].retain_grad()
    score.backward()
    grads = caught["A"].grad
    w = grads.mean(dim=(2, 3), keepdim=True)
    cam = F.relu((w * caught["values"]).sum(dim=1, keepdim=True))
    cam = F.interpolate(cam, x.shape[2:], mode="bilinear", align_corners=False)[:, 0]
    low = cam.amin(dim=(1, 2), keepdim=True)
    high = cam.amax(dim=(1, 2), keepdim=True)
    span = high - low
    span[span == 0] = 1
    return (cam - low) / span
