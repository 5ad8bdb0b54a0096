# /// answer
# mistake = "unfreeze-skips-batchnorm"
# title = "BatchNorm stays frozen after unfreeze"
# hint = "unfreeze sets the flag of every parameter, those of BatchNorm too: go through m.parameters(), whatever layer they belong to."
# points = {replace_head = 12, freeze = 4, unfreeze = 2, trainable_names = 4, FrozenBackbone = 14, extract_features = 12, load_matching = 10}
# ///
import torch
from torch import nn


def replace_head(model, num_classes, attr="fc"):
    parent = model
    *path, last = attr.split(".")
    for p in path:
        parent = getattr(parent, p)
    setattr(parent, last, nn.Linear(getattr(parent, last).in_features, num_classes))
    return model


def freeze(m):
    return m.requires_grad_(False)


def unfreeze(m):
    for layer in m.modules():
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            continue
        for p in layer.parameters(recurse=False):
            p.requires_grad = True
    return m


def trainable_names(model):
    out = []
    for n, p in model.named_parameters():
        if p.requires_grad:
            out.append(n)
    return out


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.body, self.top = backbone, head
        self.body.requires_grad_(False)
        self.body.eval()

    def train(self, mode=True):
        nn.Module.train(self, mode)
        self.body.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            f = self.body(x)
        return self.top(f)


def extract_features(model, loader):
    was = {id(m): m.training for m in model.modules()}
    model.eval()
    fn = model.forward_features if hasattr(model, "forward_features") else model
    X, Y = [], []
    with torch.no_grad():
        for xb, yb in loader:
            X.append(torch.flatten(fn(xb), start_dim=1))
            Y.append(yb)
    for m in model.modules():
        m.training = was[id(m)]
    return torch.cat(X, dim=0), torch.cat(Y, dim=0)


def load_matching(model, state):
    own = model.state_dict()
    loaded, skipped = [], []
    for k, v in state.items():
        if k in own and tuple(own[k].shape) == tuple(v.shape):
            with torch.no_grad():
                own[k].copy_(v)
            loaded.append(k)
        else:
            skipped.append(k)
    return loaded, skipped
