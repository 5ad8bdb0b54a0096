"""The technical tests' generators: one right choice, three named slips, and answers that torch confirms."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course.content import LEVELS, TAGS
from course.technical import GENERATORS, Generator, Item
from course.technical import item as frame
from course.technical.formulas import conv_out, cutmix_share
from course.tests.references import resnets

SEEDS = 1000
AGAINST_TORCH = 40
each = pytest.mark.parametrize("generator", GENERATORS, ids=[generator.kind for generator in GENERATORS])


def test_there_are_twenty_kinds() -> None:
    """Of known tags and of all levels."""
    assert 20 == len({generator.kind for generator in GENERATORS})
    assert set(TAGS) >= {generator.tag for generator in GENERATORS}
    assert set(LEVELS) == {generator.level for generator in GENERATORS}


@each
def test_one_choice_is_right_and_each_other_names_its_slip(generator: Generator) -> None:
    """Over a thousand seeds: four different texts, and the right one is where the item says."""
    places = set()
    for seed in range(SEEDS):
        item = generator.generate(Random(seed))
        assert 4 == len(item.choices) == len({choice.text for choice in item.choices})
        assert [item.answer] == [i for i, choice in enumerate(item.choices) if not choice.slip]
        assert generator.show(item.value) == item.choices[item.answer].text
        assert item.stem
        assert item.explanation
        places.add(item.answer)
    assert {0, 1, 2, 3} == places


@each
def test_an_item_follows_from_its_seed(generator: Generator) -> None:
    """The same seed gives the same item, other seeds give others, and no other source of chance is asked."""
    assert generator.generate(Random(7)) == generator.generate(Random(7))
    assert 5 <= len({generator.generate(Random(seed)).stem for seed in range(60)})


@each
def test_the_explanation_ends_at_the_right_numbers(generator: Generator) -> None:
    """Its working holds the answer's last number as the choice shows it."""
    for seed in range(100):
        item = generator.generate(Random(seed))
        shown = item.choices[item.answer].text.replace(",", "")
        explained = item.explanation.replace(",", "").replace("²", "")
        if "%" in shown:
            shown = f"{item.value:.4f}"
        last = [word.strip("()[]x;%.") for word in shown.split()]
        numbers = [word for word in last if any(character.isdigit() for character in word)]
        assert numbers[-1].split("x")[0] in explained, (shown, item.explanation)


@each
def test_torch_confirms_the_answer(generator: Generator) -> None:
    """The closed form equals what torch's own layers, losses and schedulers give."""
    confirm = CONFIRM[generator.kind]
    for seed in range(AGAINST_TORCH):
        item = generator.generate(Random(10_000 + seed))
        confirm(item)


def test_a_generator_with_too_few_slips_says_so() -> None:
    """It does not offer fewer choices."""
    poor = Generator("poor", "conv", "junior", lambda rng: frame.Draft("?", 1, [(2, "slip")], "", {}), str)
    with pytest.raises(AssertionError, match="too few slips"):
        poor.generate(Random(0))


def numel(module: nn.Module) -> int:
    """All parameters."""
    return sum(p.numel() for p in module.parameters())


def out_side(layer: nn.Module, n: int, channels: int = 1) -> int:
    """Cells per side after ``layer``."""
    return int(layer(torch.zeros(1, channels, n, n)).shape[-1])


def conv_size(item: Item) -> None:
    """Item 1."""
    g = item.given
    layer = nn.Conv2d(1, 1, g["k"], stride=g["s"], padding=g["p"], dilation=g["d"])
    assert item.value == out_side(layer, g["n"])


def pool_size(item: Item) -> None:
    """Item 2."""
    g = item.given
    assert item.value == out_side(nn.MaxPool2d(g["k"], g["s"], g["p"], ceil_mode=True), g["n"])


def transposed_size(item: Item) -> None:
    """Item 3."""
    g = item.given
    layer = nn.ConvTranspose2d(1, 1, g["k"], stride=g["s"], padding=g["p"], output_padding=g["extra"])
    assert item.value == out_side(layer, g["n"])


def same_padding(item: Item) -> None:
    """Item 4: of all choices only the right one keeps the size."""
    g = item.given
    keeps = [choice.text for choice in item.choices if g["n"] == conv_out(g["n"], g["k"], 1, int(choice.text), g["d"])]
    assert [item.choices[item.answer].text] == keeps
    assert g["n"] == out_side(nn.Conv2d(1, 1, g["k"], padding=item.value, dilation=g["d"]), g["n"])


def conv_parameters(item: Item) -> None:
    """Item 5."""
    g = item.given
    assert item.value == numel(nn.Conv2d(g["c"], g["f"], g["k"], groups=g["g"]))


def conv_macs(item: Item) -> None:
    """Item 6: as many products as weights, once per output cell."""
    g = item.given
    with torch.device("meta"):
        layer = nn.Conv2d(g["c"], g["f"], g["k"], stride=g["s"], padding=g["p"], bias=False)
        y = layer(torch.zeros(1, g["c"], g["n"], g["n"]))
    assert item.value == layer.weight.numel() * y.shape[2] * y.shape[3]


def receptive_field(item: Item) -> None:
    """Item 7: the support of an input gradient is the field, and its shift from cell to cell the jump."""
    field, jump = item.value
    n = field + 2 * jump
    x = torch.zeros(1, 1, n, dtype=torch.float64, requires_grad=True)
    y: torch.Tensor = x
    for k, s, d in item.given["layers"]:
        y = F.conv1d(y, torch.ones(1, 1, k, dtype=torch.float64), stride=s, dilation=d)
    starts = []
    for cell in (0, 1):
        (dx,) = torch.autograd.grad(y[0, 0, cell], x, retain_graph=True)
        seen = dx[0, 0].nonzero().flatten()
        assert field == int(seen[-1] - seen[0]) + 1
        starts.append(int(seen[0]))
    assert jump == starts[1] - starts[0]


def separable_share(item: Item) -> None:
    """Item 8: a ratio of weights, since both halves run at every position."""
    f, k, c = item.given["f"], item.given["k"], item.given["c"]
    depthwise, pointwise = nn.Conv2d(c, c, k, groups=c, bias=False), nn.Conv2d(c, f, 1, bias=False)
    share = (numel(depthwise) + numel(pointwise)) / numel(nn.Conv2d(c, f, k, bias=False))
    assert math.isclose(item.value, share, rel_tol=1e-12)


def stacked_kernels(item: Item) -> None:
    """Item 9: the stack shrinks an unpadded map as the single kernel does."""
    m, c = item.given["m"], item.given["c"]
    k, stack, large = item.value
    with torch.device("meta"):
        layers = nn.Sequential(*[nn.Conv2d(c, c, 3, bias=False) for _ in range(m)])
        single = nn.Conv2d(c, c, k, bias=False)
        x = torch.zeros(1, c, 20, 20)
        assert layers(x).shape == single(x).shape
    assert (stack, large) == (numel(layers), numel(single))


def im2col_matrix(item: Item) -> None:
    """Item 10."""
    g = item.given
    x = torch.zeros(1, g["c"], g["n"], g["n"])
    unfolded = F.unfold(x, g["k"], stride=g["s"], padding=g["p"])
    assert item.value == (*unfolded.shape[1:], unfolded.numel() / x.numel())


def vgg_shape(item: Item) -> None:
    """Item 11."""
    g, layers, c = item.given, [], 3
    with torch.device("meta"):
        for entry in g["cfg"]:
            layers.append(nn.MaxPool2d(2) if entry == "M" else nn.Conv2d(c, entry, 3, padding=1))
            c = c if entry == "M" else entry
        y = nn.Sequential(*layers)(torch.zeros(1, 3, g["n"], g["n"]))
        dense = nn.Linear(y[0].numel(), g["hidden"], bias=False)
    assert item.value == (*y.shape[1:], numel(dense))


def block_weights(item: Item) -> None:
    """Item 12: the blocks of the course's own reference."""
    g, module = item.given, resnets()
    block = module.Bottleneck if g["bottleneck"] else module.BasicBlock
    with torch.device("meta"):
        made = block(g["c_in"], g["ch"], g["stride"])
    assert item.value == sum(m.weight.numel() for m in made.modules() if isinstance(m, nn.Conv2d))


def resnet_shape(item: Item) -> None:
    """Item 13: the course's own reference, of which only as many stages are built as are asked for."""
    g, module = item.given, resnets()
    block = module.Bottleneck if g["depth"] >= 50 else module.BasicBlock
    shapes: list[tuple[int, ...]] = []
    with torch.device("meta"):
        model = module.ResNet(block, [1] * g["stage"], stem="imagenet")
        for part in model.modules():
            if isinstance(part, block):
                part.register_forward_hook(lambda _, x, y: shapes.append(tuple(y.shape[1:])))
        model(torch.zeros(2, 3, g["px"], g["px"]))
    assert item.value == shapes[-1]


def trainable_parameters(item: Item) -> None:
    """Item 14."""
    g = item.given
    body = nn.Sequential(nn.Conv2d(g["c"], g["f"], 3, bias=False), nn.BatchNorm2d(g["f"])).requires_grad_(False)
    model = nn.Sequential(body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(g["f"], g["classes"]))
    assert item.value == sum(p.numel() for p in model.parameters() if p.requires_grad)


def adaptive_window(item: Item) -> None:
    """Item 15: the input gradient of one output."""
    x = torch.zeros(1, 1, item.given["n"], requires_grad=True)
    (dx,) = torch.autograd.grad(F.adaptive_avg_pool1d(x, item.given["o"])[0, 0, item.given["i"]], x)
    seen = dx[0, 0].nonzero().flatten()
    assert item.value == (int(seen[0]), int(seen[-1]) + 1)


def pooled_corner(item: Item) -> None:
    """Item 16: whatever the rest of the image holds."""
    g = item.given
    x = torch.full((1, 1, 9, 9), 100.0)
    x[0, 0, : g["k"], : g["k"]] = torch.tensor(g["image"])
    y = F.avg_pool2d(x, g["k"], 1, g["p"], count_include_pad=g["counted"])
    assert math.isclose(item.value, y[0, 0, 0, 0].item(), rel_tol=1e-6)


def soft_target(item: Item) -> None:
    """Item 17: torch's own smoothing, a linear blend, and pixels counted in a pasted image."""
    g = item.given
    if g["method"] == "smoothing":
        # The loss is linear in the target: with logits whose log-softmax is known, it gives the target's entries.
        z = torch.randn(1, g["classes"], dtype=torch.float64)
        loss = F.cross_entropy(z, torch.tensor([0]), label_smoothing=g["eps"]).item()
        log_p = z.log_softmax(1)[0]
        assert math.isclose(loss, -(item.value[0] * log_p[0] + item.value[1] * log_p[1:].sum()).item())
    elif g["method"] == "mixup":
        first, second = torch.eye(2, dtype=torch.float64)
        assert item.value == pytest.approx(torch.lerp(second, first, g["lam"]).tolist())
    else:
        n, half = g["side"], int(g["side"] * math.sqrt(1 - g["lam"])) // 2
        pasted = torch.zeros(n, n)
        pasted[max(0, g["row"] - half) : g["row"] + half, max(0, g["column"] - half) : g["column"] + half] = 1
        assert item.value == pytest.approx((1 - pasted.mean().item(), pasted.mean().item()))


def learning_rate(item: Item) -> None:
    """Item 18: torch's cosine annealing after the warm-up."""
    g = item.given
    if g["step"] < g["warmup"]:
        assert math.isclose(item.value, g["base"] * (g["step"] + 1) / g["warmup"])
        return
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=g["base"])
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=g["total"] - g["warmup"])
    for _ in range(g["step"] - g["warmup"]):
        optimiser.step()
        cosine.step()
    assert math.isclose(item.value, cosine.get_last_lr()[0], rel_tol=1e-9, abs_tol=1e-12)


def metric(item: Item) -> None:
    """Item 19: counted sample by sample, not from the table."""
    g = item.given
    if "scores" in g:
        top = torch.tensor(g["scores"]).topk(2, dim=1).indices
        assert math.isclose(item.value, (top == torch.tensor(g["labels"])[:, None]).any(1).double().mean().item())
        return
    pairs = [(i, j) for i in range(3) for j in range(3) for _ in range(g["table"][i][j])]
    true, found = (torch.tensor(side) for side in zip(*pairs, strict=True))
    if g["metric"] == "accuracy":
        expected = (true == found).double().mean().item()
    elif g["metric"].startswith("recall"):
        k = int(g["metric"][-1])
        expected = (found[true == k] == k).double().mean().item()
    else:
        scores = []
        for k in range(3):
            precision = (true[found == k] == k).double().mean()
            recall = (found[true == k] == k).double().mean()
            scores.append((2 * precision * recall / (precision + recall)).item())
        expected = sum(scores) / 3
    assert math.isclose(item.value, expected, rel_tol=1e-9)


def training_sum(item: Item) -> None:
    """Item 20: an average that is run, batches that are dealt, and a loss of equal logits."""
    g = item.given
    if g["sum"] == "ema":
        average = 1.0
        for _ in range(g["n"]):
            average = g["decay"] * average
        assert math.isclose(item.value, average, rel_tol=1e-9)
    elif g["sum"] == "steps":
        batches = list(torch.utils.data.BatchSampler(range(g["n"]), g["batch"], drop_last=False))
        assert item.value == len(range(0, len(batches), g["group"]))
    else:
        loss = F.cross_entropy(torch.zeros(1, g["classes"], dtype=torch.float64), torch.tensor([0]))
        assert math.isclose(item.value, loss.item(), rel_tol=1e-12)


CONFIRM: dict[str, Callable[[Item], Any]] = {
    "conv-size": conv_size,
    "pool-size-ceil": pool_size,
    "transposed-size": transposed_size,
    "same-padding": same_padding,
    "conv-parameters": conv_parameters,
    "conv-macs": conv_macs,
    "receptive-field": receptive_field,
    "separable-share": separable_share,
    "stacked-kernels": stacked_kernels,
    "im2col-matrix": im2col_matrix,
    "vgg-shape": vgg_shape,
    "block-weights": block_weights,
    "resnet-shape": resnet_shape,
    "trainable-parameters": trainable_parameters,
    "adaptive-window": adaptive_window,
    "pooled-corner": pooled_corner,
    "soft-target": soft_target,
    "learning-rate": learning_rate,
    "metric": metric,
    "training-sum": training_sum,
}


def test_the_published_cutmix_example() -> None:
    """32x32, λ = 0.36, centre (0, 0): a box of 12x12 and a true λ of 0.859."""
    box_h, box_w, share = cutmix_share(32, 32, 0.36, 0, 0)
    assert (12, 12, 0.859) == (box_h, box_w, round(share, 3))
