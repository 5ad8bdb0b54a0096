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
        raise NotImplementedError("feature_maps: Catcher")

    def __enter__(self) -> Self:
        """Starts catching; returns self."""
        raise NotImplementedError("feature_maps: Catcher.__enter__")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stops catching."""
        raise NotImplementedError("feature_maps: Catcher.__exit__")


def dead_filters(maps: torch.Tensor) -> torch.Tensor:
    """The numbers of the channels that are 0 everywhere: in every image of the batch and at every place.

    Args:
        maps: (N, C, h, w), as a rule the output of a ReLU. Nothing else is assumed: a channel that has other values
            than 0, negative or tiny ones included, is not dead. Not changed.

    Returns a tensor of shape (D,), dtype int64, ascending; (0,) if no channel is dead.

    Example: two images of three channels of 1x2,
    [[0 0], [1 0], [0 0]] and [[0 0], [0 0], [0 2]]: channel 0 is dead, the result [0].
    """
    raise NotImplementedError("feature_maps: dead_filters")


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
    raise NotImplementedError("feature_maps: grad_cam")
