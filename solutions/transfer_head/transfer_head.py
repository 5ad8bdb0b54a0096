"""Transfer learning's first half: keep a trained backbone as it is, and put a new head on it.

What holds for the whole file:
    - Models are nn.Modules on the CPU with float32 parameters. A backbone may hold BatchNorm and Dropout.
    - Modules are changed in place, never copied: what you return is the module that you were given.
    - Frozen means requires_grad == False. The mode (training or evaluation) is another matter: BatchNorm in training
      mode moves its running statistics whether its weights are frozen or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import nn


def replace_head(model: nn.Module, num_classes: int, attr: str = "fc") -> nn.Module:
    """Put a new nn.Linear in the place of the nn.Linear called `attr`, and return the model.

    Args:
        model: any module with such a layer.
        num_classes: the new layer's out_features. Its in_features are those of the layer that was there.
        attr: the name of the layer. It may have dots and numbers, as in state_dict: "classifier.2" is the module "2"
            of the module "classifier".

    The new layer (nn.Linear or a subclass) stands under the same name. It always has a bias, also if the old one had
    none; it is initialised anew, also if num_classes stays the same; and it is trainable, also if the model is frozen.
    All other parameters and buffers of the model keep their values and their requires_grad.

    Example: if model.fc is nn.Linear(3, 4), replace_head(model, 2).fc is an nn.Linear(3, 2).
    """
    ### BEGIN SOLUTION
    parent_name, _, name = attr.rpartition(".")
    parent = model.get_submodule(parent_name)
    old = parent.get_submodule(name)
    assert isinstance(old, nn.Linear)
    setattr(parent, name, nn.Linear(old.in_features, num_classes))
    return model
    ### END SOLUTION


def freeze(m: nn.Module) -> nn.Module:
    """Set requires_grad to False for every parameter of m, however deep, and return m.

    Nothing else changes: not the values, not the buffers, not the mode of any module.
    """
    ### BEGIN SOLUTION
    for parameter in m.parameters():
        parameter.requires_grad = False
    return m
    ### END SOLUTION


def unfreeze(m: nn.Module) -> nn.Module:
    """Set requires_grad to True for every parameter of m, however deep, and return m.

    Nothing else changes: not the values, not the buffers, not the mode of any module.
    """
    ### BEGIN SOLUTION
    for parameter in m.parameters():
        parameter.requires_grad = True
    return m
    ### END SOLUTION


def trainable_names(model: nn.Module) -> list[str]:
    """The names of the parameters whose requires_grad is True, a list in the order of model.named_parameters().

    Example: ["fc.weight", "fc.bias"] if all but the layer fc is frozen; [] if everything is.
    """
    ### BEGIN SOLUTION
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    ### END SOLUTION


class FrozenBackbone(nn.Module):
    """head(backbone(x)) with a backbone that training can't change.

    Args:
        backbone: the trained module. The constructor freezes it: all its parameters get requires_grad == False.
        head: what is to be trained. It is left as it is.

    Both are kept themselves, not copies, and registered as submodules: parameters() and state_dict() have the entries
    of both. The names of the attributes are up to you.

    Modes: from the constructor on, each module of the backbone is in evaluation mode, and it stays there at any time:
    right after model.train(), after model.train(True), and if a larger module that holds this one is put into training
    mode. The head and the FrozenBackbone itself follow train() and eval() as usual. train() and eval() return the
    model.

    forward(x) is head(backbone(x)), with nothing between. Gradients reach the head's parameters; whether they reach x
    is up to you.

    Example: after an epoch of training, the backbone's part of state_dict() is what it was, to the last bit, with
    running_mean, running_var and num_batches_tracked; the head has moved.
    """

    ### BEGIN SOLUTION
    def __init__(self, backbone: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.backbone = freeze(backbone).eval()
        self.head = head

    def train(self, mode: bool = True) -> FrozenBackbone:
        """Change the mode of everything but the backbone."""
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The head's answer to the backbone's features."""
        out: torch.Tensor = self.head(self.backbone(x))
        return out

    ### END SOLUTION


def extract_features(
    model: nn.Module, loader: Iterable[tuple[torch.Tensor, torch.Tensor]]
) -> tuple[torch.Tensor, torch.Tensor]:
    """The features of all images and their labels: a tuple of X, (M, D) and float32, and y, (M,) as the loader gave it.

    Args:
        model: a batch's features are model.forward_features(x) if the model has that method, else model(x); either way
            flattened to one row per image: (N, C, H, W) becomes (N, C*H*W).
        loader: an iterable of batches (x, y), with x (N, ...) and y (N,), tuples or lists. It is gone through once, may
            shuffle, may lack len() and indexing, may be a generator. The batches may differ in size; M is the sum of
            all N.

    Row i of X belongs to y[i]; rows come in the order of the loader.

    The features are those of evaluation mode. Afterwards the model and each of its submodules are in the mode in which
    they were before, parameters and buffers are unchanged, and gradients are enabled as before. X is an ordinary tensor
    without a graph (X.requires_grad is False) on which a head can be trained; what is made under
    torch.inference_mode() is not ordinary in that sense.

    Example: for batches of 4, 4 and 2 images and maps of (3, 2, 5), X is (10, 30) and y is (10,).
    """
    ### BEGIN SOLUTION
    features = getattr(model, "forward_features", model)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    rows, labels = [], []
    with torch.no_grad():
        for x, y in loader:
            rows.append(features(x).flatten(1))
            labels.append(y)
    for module, mode in modes:
        module.training = mode
    return torch.cat(rows), torch.cat(labels)
    ### END SOLUTION


def load_matching(model: nn.Module, state: Mapping[str, torch.Tensor]) -> tuple[list[str], list[str]]:
    """Load into model the entries of state that fit, and say which: a tuple of two lists, loaded and skipped.

    Args:
        model: the module to change; its parameters stay the same objects, with the same requires_grad.
        state: names and tensors, as from state_dict(). It is not changed, and the model shares no memory with it.

    An entry fits if model.state_dict() has its key, literally (no prefix is cut off or added), and there a tensor of
    exactly the same shape. Parameters and buffers count alike. No shape is broadcast or rearranged, and nothing is
    raised for an entry that doesn't fit.

    loaded and skipped together hold every key of state once, each list in the order of state. Keys that only the model
    has keep their values and are in neither list.

    Example: into a model with "fc.weight" (2, 3) and "fc.bias" (2,), a state of "fc.bias" (2,), "old" (1,) and
    "fc.weight" (4, 3) gives (["fc.bias"], ["old", "fc.weight"]).
    """
    ### BEGIN SOLUTION
    own = model.state_dict()
    loaded = [key for key, value in state.items() if key in own and own[key].shape == value.shape]
    skipped = [key for key in state if key not in loaded]
    model.load_state_dict({key: state[key] for key in loaded}, strict=False)
    return loaded, skipped
    ### END SOLUTION
