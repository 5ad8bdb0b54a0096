"""Whole networks, built from the course's references, and what can be counted in them."""

from __future__ import annotations

import functools
import math
import sys
from typing import Any

import torch
from torch import nn

from course.figures.reference import SOLUTIONS, reference
from course.technical import formulas


@functools.cache
def network(name: str, stride_on: int = 3) -> nn.Module:
    """A network of the course's references on the meta device, where only shapes are computed."""
    with torch.device("meta"):
        if name == "vgg16":
            cfg = [64, 64, "M", 128, 128, "M", *[256] * 3, "M", *[512] * 3, "M", *[512] * 3, "M"]
            model: nn.Module = reference("vgg").VGG(cfg, 1000)
        else:
            resnet = resnets()
            model = getattr(resnet, name)(num_classes=1000, stem="imagenet")
    if stride_on == 1:
        for block in model.modules():
            thin = [part for part in block.children() if isinstance(part, nn.Conv2d)]
            if [3] == [conv.kernel_size[0] for conv in thin[1:2]] and thin[1].stride == (2, 2) and len(thin) == 3:
                thin[0].stride, thin[1].stride = (2, 2), (1, 1)
    return model.eval()


@functools.cache
def resnets() -> Any:
    """The reference of the ResNet topic, which imports its neighbour support.py."""
    before = sys.modules.pop("support", None)
    sys.path.insert(0, str(SOLUTIONS / "resnet"))
    try:
        return reference("resnet")
    finally:
        sys.path.remove(str(SOLUTIONS / "resnet"))
        sys.modules.pop("support", None)
        if before is not None:
            sys.modules["support"] = before


def called(model: nn.Module) -> list[tuple[nn.Module, tuple[int, ...], tuple[int, ...]]]:
    """Each leaf module in the order of its call on an image of side 224, with its input's and output's shapes."""
    calls: list[tuple[nn.Module, tuple[int, ...], tuple[int, ...]]] = []
    handles = [
        leaf.register_forward_hook(lambda leaf, x, y: calls.append((leaf, tuple(x[0].shape), tuple(y.shape))))
        for leaf in model.modules()
        if not list(leaf.children())
    ]
    model(torch.empty(1, 3, 224, 224, device="meta"))
    for handle in handles:
        handle.remove()
    return calls


def parameters(name: str) -> int:
    """All parameters of a network."""
    return sum(p.numel() for p in network(name).parameters())


def dense_parameters(name: str) -> int:
    """The parameters of its linear layers."""
    linear = [module for module in network(name).modules() if isinstance(module, nn.Linear)]
    return sum(p.numel() for module in linear for p in module.parameters())


def macs(name: str) -> int:
    """The multiply-accumulates of its convolutions and linear layers for one image of side 224."""
    total = 0
    for leaf, _, out in called(network(name)):
        if isinstance(leaf, nn.Conv2d):
            total += math.prod(out) * math.prod(leaf.weight.shape[1:])
        elif isinstance(leaf, nn.Linear):
            total += leaf.weight.numel()
    return total


def field(name: str, stride_on: int = 3) -> int:
    """The receptive field of its last feature map: the main path's layers, projections left out."""
    model, layers = network(name, stride_on), []
    for leaf, x, y in called(model):
        if isinstance(leaf, nn.Conv2d | nn.MaxPool2d) and len(x) == len(y) == 4:
            k = leaf.kernel_size if isinstance(leaf.kernel_size, int) else leaf.kernel_size[0]
            s = leaf.stride if isinstance(leaf.stride, int) else leaf.stride[0]
            if not (isinstance(leaf, nn.Conv2d) and k == 1 and _projects(leaf, model)):
                layers.append((k, s, 1))
    return formulas.receptive_field(layers)[0]


def _projects(conv: nn.Conv2d, model: nn.Module) -> bool:
    """Whether a 1x1 convolution stands on a shortcut: the reference keeps these in a Sequential of their own."""
    return any(part is conv for box in model.modules() if isinstance(box, nn.Sequential) for part in box.children())
