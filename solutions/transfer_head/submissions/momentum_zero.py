# /// answer
# mistake = "momentum-zero"
# title = "the backbone stays in training mode, with momentum 0"
# hint = "Momentum 0 keeps the running statistics still, but BatchNorm in training mode normalises by those of the batch, and dropout drops: use evaluation mode."
# points = {replace_head = 12, freeze = 4, unfreeze = 4, trainable_names = 4, FrozenBackbone = 7.411765, extract_features = 12, load_matching = 10}
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
    return m.requires_grad_(True)


def trainable_names(model):
    out = []
    for n, p in model.named_parameters():
        if p.requires_grad:
            out.append(n)
    return out


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone = freeze(backbone)
        self.head = head
        for m in backbone.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.momentum = 0.0

    def forward(self, x):
        return self.head(self.backbone(x))


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
