"""The loop around a fine-tuning run: one epoch of training, one evaluation, and the run with early stopping.

What holds for the whole file:
    - A loader gives pairs (x, y): x with one sample per row, y with as many labels. Batches may differ in size.
      A loader may lack len() and indexing; train_one_epoch and evaluate read theirs exactly once, fit once an epoch.
    - Everything runs on the CPU, and models are called as model(x), which gives logits of shape (N, K).
    - Losses and shares are reported as Python floats, not tensors. More entries than asked for do no harm.
    - A mean is taken over samples, so that a small last batch counts by its size.
    - Empty loaders are not asked for.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass
class History:
    """What fit returns; given. Replace it if you like, but keep these three attributes."""

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    best_epoch: int = -1


def train_one_epoch(
    model: nn.Module,
    loader: Iterable[tuple[Tensor, Tensor]],
    opt: torch.optim.Optimizer,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    *,
    scheduler: Any = None,
    max_norm: float | None = None,
    accum_steps: int = 1,
    ema: Any = None,
) -> dict[str, float]:
    """Train the model for one pass over the loader, in train mode.

    Args:
        model: put in train mode, and left in train mode.
        loader: batches (x, y), taken in their order.
        opt: the optimiser of the model's parameters. Gradients left over from earlier are cleared before the
            first batch.
        loss_fn: loss_fn(logits, y) is the mean loss of the batch, with a graph. It receives the model's outputs as they
            are.
        scheduler: if given, scheduler.step() is called once after each optimiser step (not each batch or epoch).
        max_norm: if given, the gradients of all the model's parameters together are scaled so that their 2-norm is at
            most max_norm, once for each optimiser step, after accumulation and before the step.
        accum_steps: an optimiser step follows each accum_steps batches; its gradient is the sum of their gradients
            divided by accum_steps. Batches left over at the end make a last step, also divided by accum_steps.
        ema: if given, ema.update() is called without arguments after each optimiser step.

    Returns a dict with "loss": the mean over all samples of loss_fn's loss, as seen when each batch came by, not
    divided by accum_steps; a Python float.

    Example: model(x) = w * x with w = 1, squared error, SGD with rate 0.25. The first batch, x = [1, 1] and y = [3, 3],
    has loss 4 and gradient -4: w becomes 2. The second, x = [2] and y = [8], has loss 16 and gradient -16: w becomes 6.
    The result is {"loss": 8.0}, (2 * 4 + 1 * 16) / 3. With accum_steps = 2, w becomes 1 + 0.25 * (4 + 24) / 2 = 4.5.
    """
    raise NotImplementedError("fine_tuning_loop: train_one_epoch")


def evaluate(
    model: nn.Module, loader: Iterable[tuple[Tensor, Tensor]], num_classes: int, topk: Iterable[int] = (1,)
) -> dict[str, Any]:
    """Measure the model on all samples of the loader, in evaluation mode and without a graph.

    Args:
        model: neither its parameters nor its buffers change. Afterwards every submodule is in the mode (train or
            evaluation) it was in before, also where modes were mixed, and torch records gradients again.
        loader: batches (x, y); y holds class numbers, int64, (N,).
        num_classes: K, the width of the logits.
        topk: one or more whole numbers k, 1 or more each, in any iterable. A k larger than K counts as K.

    Returns a dict with
        "loss": cross-entropy of the logits, the mean over all samples; a Python float.
        "top{k}" for each k in topk ("top1", "top5", ...): the share, from 0 to 1, of samples whose true class is among
            the k largest logits; a Python float. (Which class wins between equal logits is up to you.)
        "confusion": int64 tensor (K, K); entry [i, j] counts samples of true class i predicted as j (rows are true).
        "recall": floating-point tensor (K,): of each true class, the share that was predicted right; NaN for a class
            that has no samples.

    Example: logits equal to x = [[3, 2, 1], [1, 2, 3], [2, 3, 1]] and y = [0, 0, 1] give top1 = 2/3, top2 = 2/3,
    confusion [[1, 0, 1], [0, 1, 0], [0, 0, 0]] and recall [0.5, 1, NaN].
    """
    raise NotImplementedError("fine_tuning_loop: evaluate")


def fit(
    model: nn.Module,
    train: Iterable[tuple[Tensor, Tensor]],
    val: Iterable[tuple[Tensor, Tensor]],
    epochs: int,
    opt: torch.optim.Optimizer,
    *,
    patience: int,
    **kw: Any,
) -> History:
    """Train for up to `epochs` epochs, stop early, and leave the model with its best weights.

    Args:
        model: after the call it holds the whole state (parameters and buffers) it had at the end of the best epoch,
            whether the run stopped early or not. Its mode afterwards is free.
        train: batches for train_one_epoch, read once an epoch.
        val: batches for evaluate, after each epoch. It can be read any number of times.
        epochs: how many epochs at most, 1 or more.
        opt: the optimiser.
        patience: an epoch is good if its validation loss is strictly lower than all before it (the first epoch is
            good), and bad otherwise. The run ends after `patience` bad epochs in a row; 1 or more. What happens where a
            loss is NaN is up to you.
        kw: loss_fn is the loss to train with, nn.functional.cross_entropy if absent; num_classes is K, the width of
            the model's output if absent. All others (scheduler, max_norm, accum_steps, ema) go to train_one_epoch.
            Finding the width must not change the model.

    The validation loss is the cross-entropy that evaluate reports, whatever loss_fn is. It is measured on the model
    itself, not on an average.

    Returns a History: train_loss and val_loss are lists with one float for each epoch that ran, best_epoch is the
    number, from 0, of the epoch with the lowest validation loss (the first of equals).

    Example: validation losses 5, 4, 6, 3, 3, 8 with patience=2 end the run after six epochs; best_epoch is 3.
    """
    raise NotImplementedError("fine_tuning_loop: fit")
