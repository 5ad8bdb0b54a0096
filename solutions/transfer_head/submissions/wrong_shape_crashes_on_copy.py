# /// answer
# mistake = "wrong-shape-crashes"
# title = "an entry of another shape raises an error"
# hint = "strict=False forgives keys, not shapes: leave such entries out before you load."
# points = {replace_head = 12, freeze = 4, unfreeze = 4, trainable_names = 4, FrozenBackbone = 14, extract_features = 12, load_matching = 1.851852}
# ///
import torch
from torch import nn


def replace_head(model, num_classes, attr="fc"):
    *path, leaf = attr.split(".")
    owner = model
    for part in path:
        owner = getattr(owner, part)
    owner.register_module(leaf, nn.Linear(getattr(owner, leaf).in_features, num_classes))
    return model


def freeze(m):
    for p in m.parameters():
        p.requires_grad_(False)
    return m


def unfreeze(m):
    for p in m.parameters():
        p.requires_grad_(True)
    return m


def trainable_names(model):
    names = []
    for n, p in model.named_parameters():
        if p.requires_grad:
            names.append(n)
    return names


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        for p in backbone.parameters():
            p.requires_grad = False
        self.body = backbone
        self.top = head
        self.body.eval()

    def train(self, mode=True):
        self.training = mode
        self.top.train(mode)
        self.body.train(False)
        return self

    def forward(self, x):
        with torch.no_grad():
            z = self.body(x)
        return self.top(z)


def extract_features(model, loader):
    f = model.forward_features if hasattr(model, "forward_features") else model
    was = {m: m.training for m in model.modules()}
    X, Y = [], []
    model.train(False)
    for xb, yb in loader:
        with torch.no_grad():
            z = f(xb)
        X += [z.reshape(len(xb), -1)]
        Y += [yb]
    for m, t in was.items():
        m.training = t
    return torch.vstack(X), torch.hstack(Y)


def load_matching(model, state):
    mine = model.state_dict()
    good, bad = [], []
    for key, value in state.items():
        if key in mine:
            mine[key].copy_(value)
            good.append(key)
        else:
            bad.append(key)
    return good, bad
