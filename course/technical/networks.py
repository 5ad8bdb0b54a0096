"""Items on whole networks: receptive fields, VGG, residual blocks, frozen parts."""

from __future__ import annotations

from random import Random

from course.technical.formulas import receptive_field
from course.technical.item import Draft, Generator, shape, whole


def field(rng: Random) -> Draft:
    """Receptive field and jump of a stack."""
    layers = [
        (rng.choice((2, 3, 3, 5, 7)), rng.choice((1, 1, 2)), rng.choice((1, 1, 2))) for _ in range(rng.randint(3, 6))
    ]
    right = receptive_field(layers)
    late, jump = 1, 1
    walk = []
    for k, s, d in layers:
        late += (k - 1) * d * jump * s
        before, jump = jump, jump * s
        walk.append(f"+{k - 1}·{d}·{before}")
    listed = "; ".join(f"kernel {k}, stride {s}, dilation {d}" for k, s, d in layers)
    return Draft(
        f"Layers in order: {listed}. What are receptive field and jump of one cell of the last map?",
        right,
        [
            ((late, jump), "multiplies by the new jump; a layer's own stride counts for later layers only"),
            ((receptive_field([(k, s, 1) for k, s, _ in layers])[0], jump), "ignores the dilations"),
            ((1 + sum((k - 1) * d for k, _, d in layers), jump), "ignores the strides of earlier layers"),
            ((right[0] - 1, jump), "forgets the cell itself: r starts at 1"),
            ((right[0], sum(s for _, s, _ in layers)), "adds the strides up; jumps are multiplied"),
        ],
        f"r = 1 {' '.join(walk)} = {right[0]}; j = {'·'.join(str(s) for _, s, _ in layers)} = {jump}.",
        {"layers": layers},
    )


def vgg_shape(rng: Random) -> Draft:
    """The last map of a VGG and the first dense layer's weights."""
    stages = rng.randint(3, 5)
    cfg: list[int | str] = []
    width = rng.choice((16, 32, 64))
    for stage in range(stages):
        cfg += [min(width * 2**stage, 512)] * rng.randint(1, 3)
        cfg.append("M")
    n, hidden = rng.randint(64, 256), rng.choice((128, 256, 512, 1024, 4096))
    channels = min(width * 2 ** (stages - 1), 512)
    side = n // 2**stages
    up = n
    for _ in range(stages):
        up = -(-up // 2)
    unpadded = n
    for entry in cfg:
        unpadded = unpadded // 2 if entry == "M" else unpadded - 2

    def value(c: int, side: int) -> tuple[int, int, int, int]:
        return c, side, side, c * side * side * hidden

    return Draft(
        f"A VGG has the configuration {', '.join(map(str, cfg))} (3x3 convolutions with padding 1, M: 2x2 max pool) "
        f"and sees {n}x{n} images. Which shape has its last map, and how many weights (without biases) a dense layer "
        f"of {hidden} units on the flattened map?",
        value(channels, side),
        [
            (value(channels, up), "rounds odd sides up; the pool drops the last row"),
            (value(channels, n // 2 ** (stages - 1)), "misses a pool"),
            (value(channels, max(unpadded, 0)), "forgets the padding, which keeps the size in each convolution"),
            ((channels, side, side, channels * hidden), "connects one cell per channel, as after global pooling"),
            (value(channels * 2, side), "doubles the channels after the last pool"),
        ],
        f"{stages} pools halve {n} to {side}, rounding down each time; channels: the last convolution's {channels}. "
        f"{channels}·{side}·{side}·{hidden} = {channels * side * side * hidden:,}.",
        {"cfg": cfg, "n": n, "hidden": hidden},
    )


def block_weights(rng: Random) -> Draft:
    """The convolution weights of a residual block."""
    bottleneck, ch = rng.random() < 0.5, rng.choice((16, 32, 64, 128, 256))
    out = 4 * ch if bottleneck else ch
    stride = rng.choice((1, 2))
    c_in = rng.choice((out, out // 2))
    branch = c_in * ch + 9 * ch * ch + ch * out if bottleneck else 9 * c_in * ch + 9 * ch * ch
    projected = stride != 1 or c_in != out
    right = branch + (c_in * out if projected else 0)
    layers = f"bottleneck block (1x1, 3x3, 1x1, {ch} in the middle" if bottleneck else "basic block (3x3, 3x3"
    wide = 9 * c_in * out + 9 * out * out
    thin = c_in * ch + 9 * ch * ch + ch * ch
    reason = f"{c_in}·{out} for the projection" if projected else "no projection, since the shape stays"
    parts = f"{c_in}·{ch} + 9·{ch}² + {ch}·{out}" if bottleneck else f"9·{c_in}·{ch} + 9·{ch}²"
    return Draft(
        f"How many convolution weights (no biases, no BatchNorm) has a residual {layers}, {out} out) on "
        f"{c_in} channels with stride {stride}?",
        right,
        [
            (
                branch if projected else branch + c_in * out,
                "forgets the projection" if projected else "projects although the shape stays the same",
            ),
            (branch + 9 * c_in * out, "makes the projection 3x3"),
            (wide, "uses two full 3x3 layers") if bottleneck else (9 * ch * ch, "counts one 3x3 layer"),
            (thin, "forgets that the last 1x1 expands by four") if bottleneck else (thin, "counts 1x1, 3x3, 1x1"),
            (2 * right, "counts everything twice"),
        ],
        f"{parts} = {branch:,}, and {reason}: {right:,}.",
        {"bottleneck": bottleneck, "c_in": c_in, "ch": ch, "stride": stride},
    )


def resnet_shape(rng: Random) -> Draft:
    """The shape after a stage of a ResNet."""
    depth, px, stage = rng.choice((18, 34, 50, 101)), rng.choice((160, 192, 224)), rng.randint(1, 4)
    expansion = 4 if depth >= 50 else 1
    width = 64 * 2 ** (stage - 1)
    side = px // 4 // 2 ** (stage - 1)
    c = width * expansion
    other = width if expansion == 4 else 4 * width
    return Draft(
        f"A ResNet-{depth} (ImageNet stem) sees an image of {px}x{px}. Which shape (C, H, W) leaves "
        f"stage {stage} of 4?",
        (c, side, side),
        [
            ((c, side // 2, side // 2), "strides in the first stage too; the stem has already pooled"),
            (
                (other, side, side),
                "forgets the expansion by four" if expansion == 4 else "expands by four; basic blocks do not",
            ),
            ((c, side * 2, side * 2), "forgets the max pool in the stem"),
            ((2 * c, side, side), "doubles the channels once too often"),
        ],
        f"Stem: {px}/4 = {px // 4}; each stage after the first halves it: {side}. Channels 64·2^{stage - 1} = {width}"
        + (f", times 4 = {c}." if expansion == 4 else "."),
        {"depth": depth, "px": px, "stage": stage},
    )


def trainable(rng: Random) -> Draft:
    """What is left to train once all but the head is frozen."""
    c, f, classes = rng.choice((1, 3)), rng.choice((32, 64, 128, 256, 512)), rng.randint(2, 120)
    conv, head = 9 * c * f, f * classes + classes
    return Draft(
        f"A network: 3x3 convolution from {c} to {f} channels without bias, BatchNorm, global average pool, linear "
        f"layer to {classes} classes with bias. All but the linear layer is frozen. How many trainable parameters?",
        head,
        [
            (head + 2 * f, "counts BatchNorm's scale and shift; they are parameters and were frozen as well"),
            (f * classes, "forgets the biases"),
            (head + 4 * f, "counts BatchNorm's four vectors; two are buffers, and the other two are frozen"),
            (head + 2 * f + conv, "freezes nothing"),
            (conv + 2 * f, "freezes the head instead of the rest"),
        ],
        f"{f}·{classes} + {classes} = {head:,}. The convolution's {conv:,} and BatchNorm's {2 * f} are frozen.",
        {"c": c, "f": f, "classes": classes},
    )


def _field_and_jump(value: tuple[int, int]) -> str:
    return f"field {value[0]}, jump {value[1]}"


def _map_and_weights(value: tuple[int, int, int, int]) -> str:
    return f"{shape(value[:3])}, {value[3]:,} weights"


GENERATORS = (
    Generator("receptive-field", "theory", "mid", field, _field_and_jump),
    Generator("vgg-shape", "architectures", "junior", vgg_shape, _map_and_weights),
    Generator("block-weights", "architectures", "senior", block_weights, whole),
    Generator("resnet-shape", "architectures", "mid", resnet_shape, shape),
    Generator("trainable-parameters", "transfer", "junior", trainable, whole),
)
