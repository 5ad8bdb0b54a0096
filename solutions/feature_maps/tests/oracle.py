"""The network of the hidden checks written as functions, and Grad-CAM step by step, in float64."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

torch.set_num_threads(1)

ALIASES = {"stem": "stem.1", "body": "body.block.2", "body.block": "body.block.2"}


def weights(seed: int) -> dict[str, Tensor]:
    """A state dict for the network, drawn from `seed`."""
    g = torch.Generator().manual_seed(seed)
    shapes = {
        "stem.0.weight": (3, 2, 3, 3),
        "stem.0.bias": (3,),
        "body.block.0.weight": (4, 3, 2, 3),
        "body.block.0.bias": (4,),
        "body.block.1.weight": (4,),
        "body.block.1.bias": (4,),
        "body.block.1.running_mean": (4,),
        "head.weight": (6, 72),
        "head.bias": (6,),
    }
    state = {name: torch.randn(shape, generator=g) for name, shape in shapes.items()}
    for name in ("head.weight", "head.bias"):
        # Of logits far apart, a softmax's gradient would be too small for what guards a division to let through.
        state[name] /= 32
    state["body.block.1.running_var"] = 0.5 + torch.rand(4, generator=g)
    state["body.block.1.num_batches_tracked"] = torch.tensor(0)
    return state


def image(seed: int, n: int) -> Tensor:
    """n images for the network, drawn from `seed`, of different brightness."""
    x = torch.randn(n, 2, 7, 9, generator=torch.Generator().manual_seed(seed))
    return x * (1 + torch.arange(n, dtype=torch.float32))[:, None, None, None]


def run(state: dict[str, Tensor], x: Tensor, leaf: str = "", training: bool = False) -> dict[str, Tensor]:
    """All layers' outputs, by name; the one called `leaf` is cut off from what comes before and requires a gradient."""
    s = {name: value.double() for name, value in state.items()}

    def norm(h: Tensor) -> Tensor:
        mean = h.mean((0, 2, 3)) if training else s["body.block.1.running_mean"]
        var = h.var((0, 2, 3), unbiased=False) if training else s["body.block.1.running_var"]
        mean, var, weight, bias = (
            v[:, None, None] for v in (mean, var, s["body.block.1.weight"], s["body.block.1.bias"])
        )
        return (h - mean) / torch.sqrt(var + 1e-5) * weight + bias

    steps: dict[str, Callable[[Tensor], Tensor]] = {
        "stem.0": lambda h: F.conv2d(h, s["stem.0.weight"], s["stem.0.bias"], padding=(1, 0)),
        "stem.1": lambda h: h.clamp(min=0),
        "body.block.0": lambda h: F.conv2d(h, s["body.block.0.weight"], s["body.block.0.bias"], stride=(1, 2)),
        "body.block.1": norm,
        "body.block.2": lambda h: h.clamp(min=0),
        "head": lambda h: h.flatten(1) @ s["head.weight"].T + s["head.bias"],
    }
    h, outputs = x.double(), {}
    for name, step in steps.items():
        h = step(h)
        if name == ALIASES.get(leaf, leaf):
            h = h.detach().requires_grad_()
        outputs[name] = h
    return outputs


def maps(state: dict[str, Tensor], x: Tensor, names: list[str]) -> dict[str, Tensor]:
    """What a Catcher of these names holds."""
    outputs = run(state, x)
    return {name: outputs[ALIASES.get(name, name)].float() for name in names}


def logits(state: dict[str, Tensor], x: Tensor) -> Tensor:
    """The network's result."""
    return run(state, x)["head"].float()


def cam(state: dict[str, Tensor], layer: str, x: Tensor, target: Tensor | None, training: bool = False) -> Tensor:
    """Grad-CAM, one image after the other."""
    outputs = run(state, x, layer, training)
    a, scores = outputs[ALIASES.get(layer, layer)], outputs["head"]
    result = []
    for n in range(len(x)):
        label = int(scores[n].argmax()) if target is None else int(target[n])
        gradient = torch.autograd.grad(scores[n, label], a, retain_graph=True)[0][n]
        total = torch.zeros(a.shape[2:], dtype=torch.float64)
        for c in range(a.shape[1]):
            total += gradient[c].sum() / gradient[c].numel() * a[n, c].detach()
        result.append(stretched(enlarged(total.clamp(min=0), x.shape[2], x.shape[3])))
    return torch.stack(result).float()


def enlarged(small: Tensor, height: int, width: int) -> Tensor:
    """Bilinear, pixel centres at halves, the border's value beyond the outermost centres."""
    large = torch.zeros(height, width, dtype=small.dtype)
    for i in range(height):
        for j in range(width):
            large[i, j] = sum(
                wi * wj * small[p, q]
                for p, wi in neighbours(i, height, small.shape[0])
                for q, wj in neighbours(j, width, small.shape[1])
            )
    return large


def neighbours(i: int, size: int, small: int) -> list[tuple[int, float]]:
    """The two places of `small` that place i of `size` lies between, with their weights."""
    at = min(max((i + 0.5) * small / size - 0.5, 0.0), small - 1.0)
    low = int(at)
    return [(low, 1 - (at - low)), (min(low + 1, small - 1), at - low)]


def stretched(cam: Tensor) -> Tensor:
    """One image's map, from 0 to 1."""
    low, high = cam.min(), cam.max()
    return (cam - low) / (high - low) if high > low else torch.zeros_like(cam)
