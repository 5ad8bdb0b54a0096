"""Feature maps: catch what a network's layers give, find filters that never fire, and see where a logit comes from."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Self

import torch
import torch.nn.functional as F
from torch import nn


class Catcher:
    """Keeps what the named layers of a model give, for as long as a with-block runs.

        with Catcher(model, ["stem.0", "body"]) as catcher:
            model(x)
        catcher.maps["stem.0"]  # (N, C, h, w)

    Args:
        model: any module. It computes what it would compute without a Catcher: same result, same gradients, same mode.
        names: the layers' dotted names, as in model.named_modules(). Any iterable, a generator included. A name that
            the model doesn't have raises an exception of any kind, in the constructor or on entry.

    Attributes:
        maps: a dict from each name to that layer's output in the last forward pass, exactly one tensor a name.
            Each is a copy, detached from the graph: it shows the values as they left the layer, even if a later layer
            works in place. Empty before the first forward pass inside a with-block, whatever the model did before that.
            A new forward pass replaces the maps. They stay readable after the with-block, and a forward pass out there
            doesn't change them.

    Entering gives the Catcher itself. Leaving removes the hooks that the Catcher made, no others, also when an
    exception ends the block; the exception goes on. The same Catcher may be entered again later.

    Example: a 1x1 convolution (layer "0") with weight -1 and then nn.ReLU(inplace=True) (layer "1"), on [1 -2]:
    maps["0"] is [-1 2] and maps["1"] is [0 2].
    """

    def __init__(self, model: nn.Module, names: Iterable[str]) -> None:
        ### BEGIN SOLUTION
        self.model = model
        self.names = list(names)
        self.maps: dict[str, torch.Tensor] = {}
        self._handles: list[torch.utils.hooks.RemovableHandle] = []
        ### END SOLUTION

    def __enter__(self) -> Self:
        """Starts catching; returns self."""
        ### BEGIN SOLUTION
        # All names are looked up before the first hook is made: an unknown one leaves no hooks behind.
        modules = [(name, self.model.get_submodule(name)) for name in self.names]
        for name, module in modules:

            def keep(
                module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor, name: str = name
            ) -> None:
                self.maps[name] = output.detach().clone()

            self._handles.append(module.register_forward_hook(keep))
        return self
        ### END SOLUTION

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stops catching."""
        ### BEGIN SOLUTION
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        ### END SOLUTION


def dead_filters(maps: torch.Tensor) -> torch.Tensor:
    """The numbers of the channels that are 0 everywhere: in every image of the batch and at every place.

    Args:
        maps: (N, C, h, w), as a rule the output of a ReLU. Nothing else is assumed: a channel that has other values
            than 0, negative or tiny ones included, is not dead. Not changed.

    Returns a tensor of shape (D,), dtype int64, ascending; (0,) if no channel is dead.

    Example: two images of three channels of 1x2,
    [[0 0], [1 0], [0 0]] and [[0 0], [0 0], [0 2]]: channel 0 is dead, the result [0].
    """
    ### BEGIN SOLUTION
    alive = (maps != 0).any(dim=3).any(dim=2).any(dim=0)
    return torch.nonzero(~alive).flatten()
    ### END SOLUTION


def grad_cam(
    model: nn.Module, layer: str | nn.Module, x: torch.Tensor, target: torch.Tensor | None = None
) -> torch.Tensor:
    """Grad-CAM: for each image, where a layer's maps speak for a class, from 0 (least) to 1 (most).

    With A (N, C, h, w) for the layer's output, and g for the gradient of image n's logit number target[n] with respect
    to A[n]:

        w[n, c]   = mean of g[n, c] over the h * w places
        cam[n]    = ReLU(sum over c of w[n, c] * A[n, c])                 (h, w)
        cam[n]    = enlarged to (H, W), bilinear, align_corners=False
        cam[n]    = (cam[n] - its minimum) / (its maximum - its minimum)  each image by itself; all 0 if it is flat

    Args:
        model: images (N, C0, H, W) to logits (N, K). It runs in the mode that it is in, on the whole batch at once.
        layer: a dotted name as in model.named_modules(), or the module itself. A holds the values as they left the
            layer, even if the next layer works in place.
        x: the images, float32.
        target: (N,), int64, a class for each image; None takes each image's highest logit.

    Returns (N, H, W), float32.

    Gradients are those of the logit itself, not of a probability. It works with frozen parameters, too
    (requires_grad False). Afterwards everything is as before: no hook is left, each parameter's .grad and requires_grad
    and each submodule's mode are the same (running statistics of a BatchNorm in training mode may move), and so is x
    with its requires_grad.

    Example: A has one channel [0 1 3] (h = 1, w = 3), the gradient of the logit is [1 4 1], the image 1x3. w is 2, cam
    [0 2 6], the result [0 1/3 1].
    """
    ### BEGIN SOLUTION
    module = model.get_submodule(layer) if isinstance(layer, str) else layer
    caught: list[torch.Tensor] = []

    def hook(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        # From here on a tensor of our own goes through the network: it needs no trainable parameter in front of it.
        # The network gets a clone, because an in-place layer may not write into a leaf.
        caught.append(output.detach().requires_grad_())
        return caught[-1].clone()

    handle = module.register_forward_hook(hook)
    try:
        with torch.enable_grad():
            logits = model(x)
    finally:
        handle.remove()
    if target is None:
        target = logits.argmax(1)
    maps = caught[-1]
    (gradient,) = torch.autograd.grad(logits.gather(1, target[:, None]).sum(), maps)
    weights = gradient.mean((2, 3), keepdim=True)
    cam = (weights * maps.detach()).sum(1, keepdim=True).relu()
    cam = F.interpolate(cam, x.shape[2:], mode="bilinear", align_corners=False)[:, 0]
    low, high = cam.amin((1, 2), keepdim=True), cam.amax((1, 2), keepdim=True)
    return (cam - low) / torch.where(high > low, high - low, 1.0)
    ### END SOLUTION
