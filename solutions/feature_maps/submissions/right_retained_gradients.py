# /// answer
# right = true
# title = "Gradients of the maps by retain_grad, an ExitStack of hooks"
# ///
from contextlib import ExitStack
from functools import partial

import torch
from torch import nn


class Catcher:
    def __init__(self, model, names):
        self.maps = {}
        self.layers = {name: model.get_submodule(name) for name in names}
        self.stack = None

    def _store(self, name, module, args, output):
        self.maps.update({name: torch.tensor(output.detach().numpy().copy())})

    def __enter__(self):
        self.stack = ExitStack()
        for name, layer in self.layers.items():
            self.stack.callback(layer.register_forward_hook(partial(self._store, name)).remove)
        return self

    def __exit__(self, exc_type, exc, tb):
        self.stack.close()
        return False


def dead_filters(maps):
    per_channel = maps.transpose(0, 1).reshape(maps.size(1), -1)
    return (per_channel == 0).all(1).nonzero().view(-1)


def grad_cam(model, layer, x, target=None):
    module = model.get_submodule(layer) if isinstance(layer, str) else layer
    saved = []

    def hook(mod, args, out):
        saved.append(out.clone())
        saved[0].retain_grad()
        return saved[0] * 1

    with ExitStack() as stack:
        stack.callback(module.register_forward_hook(hook).remove)
        scores = model(x.clone().requires_grad_(True))
    if target is None:
        target = scores.max(1).indices
    onehot = nn.functional.one_hot(target, scores.shape[1]).to(scores.dtype)
    scores.backward(gradient=onehot, inputs=[saved[0]])
    maps, grads = saved[0].detach(), saved[0].grad
    cam = torch.einsum("nc,nchw->nhw", grads.mean((-1, -2)), maps).clamp_min(0)
    big = nn.Upsample(size=tuple(x.shape[2:]), mode="bilinear")(cam[:, None])[:, 0]
    flat = big.flatten(1)
    flat = flat - flat.min(1, keepdim=True).values
    return (flat / (flat.max(1, keepdim=True).values + 1e-8)).view_as(big)
