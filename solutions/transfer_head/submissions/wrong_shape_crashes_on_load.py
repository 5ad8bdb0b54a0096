# /// answer
# mistake = "wrong-shape-crashes"
# title = "an entry of another shape raises an error"
# hint = "strict=False forgives keys, not shapes: leave such entries out before you load."
# points = {replace_head = 12, freeze = 4, unfreeze = 4, trainable_names = 4, FrozenBackbone = 14, extract_features = 12, load_matching = 1.85185}
# ///
import torch
from torch import nn


def replace_head(model, num_classes, attr="fc"):
    old = model.get_submodule(attr)
    new = nn.Linear(old.weight.shape[1], num_classes)
    nn.init.normal_(new.weight, std=0.01)
    nn.init.zeros_(new.bias)
    for module in model.modules():
        for name, child in module.named_children():
            if child is old:
                setattr(module, name, new)
    return model


def freeze(m):
    for module in m.modules():
        for p in module.parameters(recurse=False):
            p.requires_grad_(False)
    return m


def unfreeze(m):
    for _, p in m.named_parameters():
        p.requires_grad_()
    return m


def trainable_names(model):
    return list(name for name, p in model.named_parameters() if p.requires_grad)


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.net = nn.Sequential(freeze(backbone), head)
        self.net[0].eval()

    def train(self, mode=True):
        result = super().train(mode)
        for m in self.net[0].modules():
            m.training = False
        return result

    def forward(self, x):
        return self.net(x)


def extract_features(model, loader):
    modes = {}
    for name, m in model.named_modules():
        modes[name] = m.training
    model.train(False)
    X, Y = None, None
    for x, y in loader:
        if hasattr(model, "forward_features"):
            f = model.forward_features(x)
        else:
            f = model(x)
        f = torch.flatten(f, start_dim=1).detach()
        X = f if X is None else torch.cat([X, f], dim=0)
        Y = y if Y is None else torch.cat([Y, y], dim=0)
    for name, m in model.named_modules():
        m.training = modes[name]
    return X, Y


def load_matching(model, state):
    r = model.load_state_dict(dict(state), strict=False)
    return [k for k in state if k not in r.unexpected_keys], list(r.unexpected_keys)
