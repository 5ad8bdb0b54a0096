# /// answer
# mistake = "strict-false-silent"
# title = "strict=False is taken to mean that all was loaded"
# hint = "load_state_dict with strict=False tells you what it could not use, if you look at what it returns, and it raises for another shape."
# points = {replace_head = 12, freeze = 4, unfreeze = 4, trainable_names = 4, FrozenBackbone = 14, extract_features = 12, load_matching = 3.703704}
# ///

import torch
import torch.nn as nn


def replace_head(model, num_classes, attr="fc"):
    *path, name = attr.split(".")
    parent = model
    for p in path:
        parent = getattr(parent, p)
    width = getattr(parent, name).in_features
    setattr(parent, name, nn.Linear(width, num_classes))
    return model


def freeze(m):
    return m.requires_grad_(False)


def unfreeze(m):
    return m.requires_grad_(True)


def trainable_names(model):
    names = []
    for n, p in model.named_parameters():
        if p.requires_grad:
            names.append(n)
    return names


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.body = freeze(backbone)
        self.head = head
        self.body.eval()

    def train(self, mode=True):
        self.training = mode
        self.head.train(mode)
        self.body.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            h = self.body(x)
        return self.head(h)


def extract_features(model, loader):
    before = {m: m.training for m in model.modules()}
    fn = getattr(model, "forward_features", model)
    feats = []
    targets = []
    model.eval()
    with torch.no_grad():
        for xb, yb in loader:
            f = fn(xb)
            feats.append(f.reshape(len(xb), -1))
            targets.append(yb)
    for m, flag in before.items():
        m.training = flag
    return torch.cat(feats), torch.cat(targets)


def load_matching(model, state):
    current = model.state_dict()
    fitting = {k: v for k, v in state.items() if k not in current or v.shape == current[k].shape}
    model.load_state_dict(fitting, strict=False)
    return list(fitting), [k for k in state if k not in fitting]
