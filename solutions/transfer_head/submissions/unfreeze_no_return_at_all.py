# /// answer
# mistake = "unfreeze-no-return"
# title = "unfreeze returns nothing"
# hint = "Return the module that you were given."
# points = {replace_head = 12, freeze = 4, unfreeze = 0, trainable_names = 4, FrozenBackbone = 14, extract_features = 12, load_matching = 10}
# ///
import contextlib

import torch
from torch import nn


def replace_head(model, num_classes, attr="fc"):
    parent, _, name = attr.rpartition(".")
    owner = model.get_submodule(parent) if parent else model
    old = owner._modules[name]
    owner._modules[name] = nn.Linear(old.in_features, num_classes, bias=True)
    return model


def _require(m, wanted):
    return m.requires_grad_(wanted)


def freeze(m):
    return _require(m, False)


def trainable_names(model):
    return [n for n, p in model.named_parameters() if p.requires_grad]


class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.top = head
        self.body = freeze(backbone)
        self.train()

    def train(self, mode=True):
        self.training = mode
        self.top.train(mode)
        self.body.train(False)
        return self

    def forward(self, x):
        return self.top(self.body(x))


@contextlib.contextmanager
def evaluating(model):
    before = [m.training for m in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for m, mode in zip(model.modules(), before, strict=True):
            m.training = mode


@torch.no_grad()
def extract_features(model, loader):
    f = model.forward_features if hasattr(model, "forward_features") else model
    with evaluating(model):
        pairs = [(f(x), y) for x, y in loader]
    x = torch.vstack([fx.reshape(fx.shape[0], -1) for fx, _ in pairs])
    return x, torch.hstack([y for _, y in pairs])


def load_matching(model, state):
    own = model.state_dict()
    fits = {k: v for k, v in state.items() if k in own and v.size() == own[k].size()}
    model.load_state_dict({**own, **fits})
    return list(fits), [k for k in state if k not in fits]


def unfreeze(m):
    for p in m.parameters():
        p.requires_grad_(True)
