# /// answer
# mistake = "labels-reversed"
# title = "the labels stand in reverse, batch by batch or one by one"
# hint = "Row i of X belongs to y[i]: append both."
# points = {replace_head = 12, freeze = 4, unfreeze = 4, trainable_names = 4, FrozenBackbone = 14, extract_features = 1.09091, load_matching = 10}
# ///
import torch
import torch.nn as nn


def replace_head(model, num_classes, attr="fc"):
    *path, last = attr.split(".")
    parent = model
    for part in path:
        parent = getattr(parent, part)
    in_features = getattr(parent, last).in_features
    setattr(parent, last, nn.Linear(in_features, num_classes))
    return model


def freeze(m):
    for p in m.parameters():
        p.requires_grad = False
    return m


def unfreeze(m):
    for p in m.parameters():
        p.requires_grad = True
    return m


def trainable_names(model):
    names = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            names.append(name)
    return names


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone = backbone
        self.head = head
        for p in self.backbone.parameters():
            p.requires_grad = False
        self.backbone.eval()

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            features = self.backbone(x)
        return self.head(features)


def extract_features(model, loader):
    was_training = {m: m.training for m in model.modules()}
    model.eval()
    xs, ys = [], []
    with torch.no_grad():
        for x, y in loader:
            if hasattr(model, "forward_features"):
                f = model.forward_features(x)
            else:
                f = model(x)
            xs.append(f.flatten(1))
            ys.insert(0, y)
    for m, mode in was_training.items():
        m.training = mode
    return torch.cat(xs), torch.cat(ys)


def load_matching(model, state):
    own = model.state_dict()
    loaded, skipped = [], []
    for key, value in state.items():
        if key in own and own[key].shape == value.shape:
            own[key].copy_(value)
            loaded.append(key)
        else:
            skipped.append(key)
    return loaded, skipped
