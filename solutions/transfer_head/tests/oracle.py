"""Slow NumPy answers in float64: the features of the probes' small networks, and plain SGD on their head."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

Array = npt.NDArray[np.float64]
Weights = dict[str, torch.Tensor]


def weights(conv: str, norm: str, seed: int) -> Weights:
    """Random entries for a convolution 2 > 3 and a BatchNorm with these prefixes."""
    g = torch.Generator().manual_seed(seed)
    return {
        f"{conv}.weight": torch.randn(3, 2, 3, 3, generator=g),
        f"{conv}.bias": torch.randn(3, generator=g),
        f"{norm}.weight": torch.rand(3, generator=g) + 0.5,
        f"{norm}.bias": torch.randn(3, generator=g),
        f"{norm}.running_mean": torch.randn(3, generator=g),
        f"{norm}.running_var": torch.rand(3, generator=g) * 3 + 0.5,
        f"{norm}.num_batches_tracked": torch.tensor(7),
    }


def maps(w: Weights, conv: str, norm: str, x: torch.Tensor) -> Array:
    """ReLU(BatchNorm(convolution(x))) in evaluation mode, (N, 3, H, W)."""
    kernel, bias = _array(w[f"{conv}.weight"]), _array(w[f"{conv}.bias"])
    gamma, beta = _array(w[f"{norm}.weight"]), _array(w[f"{norm}.bias"])
    mean, variance = _array(w[f"{norm}.running_mean"]), _array(w[f"{norm}.running_var"])
    padded = np.pad(_array(x), ((0, 0), (0, 0), (1, 1), (1, 1)))
    n, _, height, width = x.shape
    out = np.zeros((n, 3, height, width))
    for f in range(3):
        for i in range(height):
            for j in range(width):
                out[:, f, i, j] = (padded[:, :, i : i + 3, j : j + 3] * kernel[f]).sum((1, 2, 3)) + bias[f]
        out[:, f] = (out[:, f] - mean[f]) / np.sqrt(variance[f] + 1e-5) * gamma[f] + beta[f]
    return np.maximum(out, 0)


def head(features: Array, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """The mean over each map, then a dense layer."""
    return tensor(features.mean((2, 3)) @ _array(weight).T + _array(bias))


def trained_head(
    batches: list[tuple[Array, torch.Tensor]], weight: torch.Tensor, bias: torch.Tensor, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of that dense layer after SGD on the mean squared error, with weight decay 0.1."""
    w, b = _array(weight), _array(bias)
    for features, y in batches:
        rows = features.mean((2, 3))
        wrong = 2 * (rows @ w.T + b - _array(y)) / y.numel()
        w, b = w - rate * (wrong.T @ rows + 0.1 * w), b - rate * (wrong.sum(0) + 0.1 * b)
    return tensor(w), tensor(b)


def fork(w: Weights, x: torch.Tensor) -> torch.Tensor:
    """What the probes' network "fork" gives for x, (N, 3), in float64."""
    h = x.double() @ w["stem.weight"].double().T + w["stem.bias"].double()
    h = (h @ w["heads.main.0.weight"].double().T + w["heads.main.0.bias"].double()).clamp(min=0)
    result: torch.Tensor = h @ w["heads.main.2.weight"].double().T + w["heads.main.2.bias"].double()
    return result


def trained_fork(w: Weights, free: str, batches: list[tuple[torch.Tensor, torch.Tensor]], rate: float) -> Weights:
    """Its weights after that SGD where only those whose names begin with `free` move."""
    w = {name: value.double() for name, value in w.items()}
    names = [name for name in w if name.startswith(free)]
    for x, y in batches:
        leaves = {name: w[name].clone().requires_grad_() for name in names}
        loss = ((fork({**w, **leaves}, x) - y.double()) ** 2).mean()
        for name, grad in zip(names, torch.autograd.grad(loss, list(leaves.values())), strict=True):
            w[name] = w[name] - rate * (grad + 0.1 * w[name])
    return {name: value.float() for name, value in w.items()}


def tensor(values: Array) -> torch.Tensor:
    """The values in float32."""
    return torch.from_numpy(np.ascontiguousarray(values)).float()


def _array(values: torch.Tensor) -> Array:
    return values.double().numpy()
