# /// answer
# mistake = "features-in-train-mode"
# title = "features are computed in training mode"
# hint = "Dropout and BatchNorm are to be in evaluation mode: model.eval() before the loop."
# points = {replace_head = 12, freeze = 4, unfreeze = 4, trainable_names = 4, FrozenBackbone = 14, extract_features = 3.27273, load_matching = 10}
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


def load_matching(model, state):
    tensors = dict(model.named_parameters())
    tensors.update(model.named_buffers())
    loaded = []
    skipped = []
    with torch.no_grad():
        for key in state:
            if key not in tensors or tensors[key].shape != state[key].shape:
                skipped.append(key)
                continue
            tensors[key].copy_(state[key])
            loaded.append(key)
    return loaded, skipped


def _feats(model, loader, mode=False, grad=False, full=False, restore=True, flat=True):
    was = {m: m.training for m in model.modules()}
    model.train(mode)
    fn = model if full or not hasattr(model, "forward_features") else model.forward_features
    X, Y = [], []
    with torch.set_grad_enabled(grad):
        for x, y in loader:
            o = fn(x)
            X.append(o.reshape(len(o), -1) if flat else o)
            Y.append(y)
    if restore:
        for m, t in was.items():
            m.training = t
    return torch.cat(X), torch.cat(Y)


def extract_features(model, loader):
    return _feats(model, loader, mode=True)
