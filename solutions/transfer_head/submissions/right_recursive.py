# /// answer
# right = true
# title = "Recursion for the dots, a wrapper for the mode, inference without leaving tensors of it"
# ///
import torch
from torch import nn


def replace_head(model, num_classes, attr="fc"):
    first, dot, rest = attr.partition(".")
    child = dict(model.named_children())[first]
    if dot:
        replace_head(child, num_classes, rest)
    else:
        model.add_module(first, nn.Linear(child.in_features, num_classes))
    return model


def freeze(m):
    for p in list(m.parameters()):
        p.requires_grad = False
    return m


def unfreeze(m):
    for child in m.children():
        unfreeze(child)
    for p in m._parameters.values():
        if p is not None:
            p.requires_grad = True
    return m


def trainable_names(model):
    flags = {name: p.requires_grad for name, p in model.named_parameters()}
    return [name for name in flags if flags[name]]


class Still(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner.requires_grad_(False)
        self.train()

    def train(self, mode=True):
        self.inner.eval()
        self.training = False
        return self

    def forward(self, x):
        return self.inner(x).detach()


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.still = Still(backbone)
        self.head = head

    def forward(self, x):
        return self.head(self.still(x))


def extract_features(model, loader):
    modules = list(model.modules())
    modes = [m.training for m in modules]
    features = getattr(model, "forward_features", model)
    xs, ys = [], []
    try:
        for m in modules:
            m.training = False
        with torch.inference_mode():
            for batch in loader:
                xs.append(features(batch[0]).flatten(start_dim=1))
                ys.append(batch[1])
    finally:
        for m, mode in zip(modules, modes, strict=True):
            m.training = mode
    return torch.cat(xs), torch.cat(ys).clone()


def load_matching(model, state):
    own = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    fits = [own.get(key) == tuple(value.shape) for key, value in state.items()]
    loaded = [key for key, fit in zip(state, fits, strict=True) if fit]
    model.load_state_dict({key: state[key].clone() for key in loaded}, strict=False)
    return loaded, [key for key, fit in zip(state, fits, strict=True) if not fit]
