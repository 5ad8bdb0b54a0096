"""Items on values: pooled corners, soft targets, rates, metrics, and small sums of training."""

from __future__ import annotations

import math
from random import Random

from course.technical.formulas import cutmix_share, macro_f1, recall, warmup_cosine
from course.technical.item import Draft, Generator, decimal


def pooled_corner(rng: Random) -> Draft:
    """The corner of a padded average pool."""
    k, p = rng.choice(((2, 1), (3, 1), (4, 1), (4, 2), (5, 1), (5, 2)))
    counted, seen = rng.random() < 0.5, k - p
    image = [[rng.randint(1, 9) for _ in range(k)] for _ in range(k)]
    total = sum(sum(row[:seen]) for row in image[:seen])
    right = total / (k * k if counted else seen * seen)
    rows = "; ".join(" ".join(map(str, row)) for row in image)
    whole_window = sum(map(sum, image))
    return Draft(
        f"Average pooling with window {k}, stride 1, padding {p} and count_include_pad={counted}. The image's top left "
        f"corner holds, row by row: {rows}. What is the top left output?",
        right,
        [
            (
                total / (seen * seen if counted else k * k),
                "leaves the padding out of the divisor" if counted else "counts the padding in the divisor",
            ),
            (whole_window / (k * k), "forgets the padding, so its window starts inside the image"),
            (float(total), "does not divide"),
            (total / (seen * k), "counts the padding along one axis only"),
            (float(image[0][0]), "takes the corner's own value"),
        ],
        f"The window covers {seen}x{seen} cells of the image, sum {total}; divided by "
        + (f"all {k}·{k} = {k * k}" if counted else f"those {seen * seen}")
        + f" cells: {right:.3f}.",
        {"image": image, "k": k, "p": p, "counted": counted},
    )


def soft_target(rng: Random) -> Draft:
    """The soft target of label smoothing, mix-up or CutMix."""
    return rng.choice((_smoothed, _mixed, _cut))(rng)


def _smoothed(rng: Random) -> Draft:
    classes, eps = rng.choice((4, 5, 8, 10, 20)), rng.choice((0.1, 0.15, 0.2, 0.3))
    right = (1 - eps + eps / classes, eps / classes)
    return Draft(
        f"Label smoothing with ε = {eps} over {classes} classes: which target have the true class and "
        "each of the others?",
        right,
        [
            ((1 - eps, eps / (classes - 1)), "shares ε among the wrong classes; it is shared among all"),
            ((1 - eps, eps / classes), "forgets the true class's own share, so the target does not sum to 1"),
            ((1.0, eps / classes), "leaves the true class at 1"),
            ((1 - eps + eps / classes, eps / (classes - 1)), "mixes two conventions, so the target does not sum to 1"),
        ],
        f"(1-{eps})·1 + {eps}/{classes} = {right[0]:.4f} and {eps}/{classes} = {right[1]:.4f}.",
        {"method": "smoothing", "classes": classes, "eps": eps},
    )


def _mixed(rng: Random) -> Draft:
    percent = rng.choice([value for value in range(5, 96) if value != 50])
    lam = percent / 100
    return Draft(
        f"Mix-up: x = λ·x1 + (1-λ)·x2 with λ = {lam}. Which target have the classes of x1 and of x2 (they differ)?",
        (lam, 1 - lam),
        [
            ((1 - lam, lam), "swaps λ and 1-λ"),
            ((1.0, 0.0), "keeps the first label unmixed"),
            ((0.5, 0.5), "splits evenly, whatever λ is"),
        ],
        f"Labels are mixed like pixels: {lam} and 1 - {lam} = {1 - lam:.4f}.",
        {"method": "mixup", "lam": lam},
    )


def _cut(rng: Random) -> Draft:
    side, lam = rng.choice((32, 64, 128)), rng.randint(10, 90) / 100
    row, column = rng.choice((0, side // 8, side // 2)), rng.choice((0, side - 1))
    box_h, box_w, share = cutmix_share(side, side, lam, row, column)
    cut = int(side * math.sqrt(1 - lam))
    return Draft(
        f"CutMix on {side}x{side} draws λ = {lam} and the centre (row {row}, column {column}). The box has the side "
        "floor(size·√(1-λ)), reaches floor(side/2) either way of its centre and is clipped at the border. "
        "Which target have the image's own class and the pasted one?",
        (share, 1 - share),
        [
            ((lam, 1 - lam), "keeps the drawn λ, though the box was clipped"),
            ((1 - share, share), "swaps the two"),
            ((1 - cut * cut / side**2, cut * cut / side**2), "counts the box before it is clipped"),
            ((1 - box_h / side, box_h / side), "takes the share of the side for the share of the area"),
        ],
        f"Side floor({side}·√{1 - lam:.2f}) = {cut}, half {cut // 2}; {box_h}x{box_w} cells lie inside. "
        f"1 - {box_h * box_w}/{side * side} = {share:.4f}, and {1 - share:.4f}.",
        {"method": "cutmix", "side": side, "lam": lam, "row": row, "column": column},
    )


def rate(rng: Random) -> Draft:
    """The learning rate at a step of warm-up and cosine."""
    base, warmup = rng.choice((0.1, 0.2, 0.4, 0.8)), rng.choice((4, 5, 8, 10))
    total = warmup + rng.choice((16, 20, 24, 40))
    step = rng.randrange(warmup - 1) if rng.random() < 0.25 else rng.randint(warmup + 1, total - 1)
    right = warmup_cosine(step, total, warmup, base)

    def cosine(done: float) -> float:
        return base * (1 + math.cos(math.pi * done)) / 2

    if step < warmup:
        slips = [
            (base * step / warmup, "starts at 0: the first step would not learn"),
            (base, "leaves the warm-up out"),
            (cosine(step / total), "is on the cosine already"),
            (base * (step + 1) / total, "warms up over all steps"),
        ]
        working = f"Step {step} is in the warm-up: {base}·{step + 1}/{warmup} = {right:.3f}."
    else:
        slips = [
            (cosine(step / total), "counts the warm-up's steps as part of the cosine: t/T"),
            (cosine((step - warmup) / total), "divides by all steps; the cosine has T less the warm-up"),
            (base * (total - step) / (total - warmup), "decays linearly"),
            (base - right, "runs the cosine upwards"),
            (base, "does not decay"),
        ]
        working = (
            f"Cosine share ({step}-{warmup})/({total}-{warmup}) = {(step - warmup) / (total - warmup):.3f}; "
            f"{base}/2·(1 + cos(π·{(step - warmup) / (total - warmup):.3f})) = {right:.3f}."
        )
    return Draft(
        f"Rate {base}, {total} steps, the first {warmup} of them linear warm-up ((step+1)/{warmup} of the rate), then "
        f"a cosine down to 0 at step {total}. Which rate has step {step} (from 0)?",
        right,
        slips,
        working,
        {"base": base, "warmup": warmup, "total": total, "step": step},
    )


def metric(rng: Random) -> Draft:
    """A metric of a confusion matrix, or top-2 accuracy of a few scores."""
    return _top_two(rng) if rng.random() < 0.25 else _from_confusion(rng)


def _from_confusion(rng: Random) -> Draft:
    table = [[rng.randint(0, 9) + (rng.choice((3, 12, 40)) if i == j else 0) for j in range(3)] for i in range(3)]
    turned = [list(column) for column in zip(*table, strict=True)]
    n, hits, k = sum(map(sum, table)), sum(table[i][i] for i in range(3)), rng.randrange(3)
    accuracy = hits / n
    mean_recall, mean_precision = (sum(recall(m, i) for i in range(3)) / 3 for m in (table, turned))
    rows = "; ".join(" ".join(map(str, row)) for row in table)
    swapped = "swaps rows and columns: that is precision"
    values = {
        f"recall of class {k}": (
            recall(table, k),
            [
                (recall(turned, k), swapped),
                (accuracy, "takes the accuracy over all classes"),
                (table[k][k] / n, "divides by all samples"),
                (mean_recall, "averages over the classes"),
            ],
            f"{table[k][k]} of the row's {sum(table[k])}",
        ),
        "accuracy": (
            accuracy,
            [
                (mean_recall, "averages the recalls, which weights classes equally"),
                (mean_precision, "averages the precisions"),
                (1 - accuracy, "gives the error rate"),
                (hits / 3 / n, "divides by the number of classes as well"),
            ],
            f"diagonal {hits} of {n}",
        ),
        "macro-averaged F1": (
            macro_f1(table),
            [
                (accuracy, "takes the micro average, which is the accuracy"),
                (mean_recall, "averages recalls only"),
                (mean_precision, "averages precisions only"),
                (1 - macro_f1(table), "gives what is missing"),
            ],
            "mean over classes of 2·hits/(row sum + column sum)",
        ),
    }
    name = rng.choice(list(values))
    right, slips, how = values[name]
    return Draft(
        f"Confusion matrix, rows are true classes: {rows}. What is the {name}?",
        right,
        slips,
        f"{how[0].upper()}{how[1:]}: {right:.3f}.",
        {"table": table, "metric": name},
    )


def _top_two(rng: Random) -> Draft:
    samples = rng.randint(4, 6)
    scores = [rng.sample(range(1, 10), 4) for _ in range(samples)]
    labels = [rng.randrange(4) for _ in range(samples)]
    ranks = [sorted(row, reverse=True).index(row[y]) for row, y in zip(scores, labels, strict=True)]

    def share(allowed: tuple[int, ...]) -> float:
        return sum(rank in allowed for rank in ranks) / samples

    listed = "; ".join(f"{' '.join(map(str, row))} → {y}" for row, y in zip(scores, labels, strict=True))
    return Draft(
        f"Scores of four classes (0 to 3) and the true class: {listed}. What is the top-2 accuracy?",
        share((0, 1)),
        [
            (share((0,)), "counts the best class only: top-1"),
            (share((1,)), "counts second places only"),
            (share((2, 3)), "counts the two lowest scores"),
            (share((0, 1, 2)), "counts three places"),
        ],
        f"The true class stands at the places {', '.join(str(rank + 1) for rank in ranks)}; "
        f"{sum(rank < 2 for rank in ranks)} of {samples} are first or second: {share((0, 1)):.3f}.",
        {"scores": scores, "labels": labels},
    )


def small_sum(rng: Random) -> Draft:
    """The share of the start in an average of weights, optimiser steps per epoch, or the first loss."""
    return rng.choice((_average, _steps, _first_loss))(rng)


def _average(rng: Random) -> Draft:
    decay = rng.choice((0.9, 0.95, 0.99, 0.995))
    n = rng.randint(5, int(2.5 / (1 - decay)))
    right = decay**n
    return Draft(
        f"An exponential moving average with decay {decay}: which weight has its starting value after {n} updates?",
        right,
        [
            (1 - right, "gives the weight of everything new"),
            (max(0.0, 1 - n * (1 - decay)), "lets the weight fall linearly"),
            (1 - decay, "takes the weight of one new value"),
            (1 / (n + 1), "takes the plain mean"),
            (decay, "applies the decay once"),
        ],
        f"Each update multiplies it by {decay}: {decay}^{n} = {right:.3f}.",
        {"sum": "ema", "decay": decay, "n": n},
    )


def _steps(rng: Random) -> Draft:
    n, batch, group = rng.randint(500, 5000), rng.choice((8, 16, 32, 64)), rng.choice((2, 3, 4, 8))
    batches = -(-n // batch)
    right = -(-batches // group)
    return Draft(
        f"{n} samples in batches of {batch}, the last one smaller (not dropped); gradients are accumulated over "
        f"{group} batches, and an incomplete group makes a step too. How many optimiser steps has an epoch?",
        right,
        [
            (batches // group, "drops the incomplete group"),
            (batches, "ignores the accumulation"),
            (batches * group, "multiplies by the group"),
            (-(-n // group), "divides the samples, not the batches"),
            (n // batch // group, "drops the last batch and the incomplete group"),
        ],
        f"ceil({n}/{batch}) = {batches} batches, ceil({batches}/{group}) = {right} steps.",
        {"sum": "steps", "n": n, "batch": batch, "group": group},
    )


def _first_loss(rng: Random) -> Draft:
    classes = rng.randint(3, 1000)
    right = math.log(classes)
    return Draft(
        f"Which cross-entropy should a freshly initialised classifier of {classes} classes show?",
        right,
        [
            (math.log2(classes), "takes the logarithm to base 2; libraries use the natural one"),
            (math.log10(classes), "takes the logarithm to base 10"),
            (1 / classes, "takes the probability for its logarithm"),
            (math.log(math.e + classes - 1) - 1, "applies softmax twice and is perfect"),
        ],
        f"All classes are equally likely, so -ln(1/{classes}) = ln {classes} = {right:.3f}.",
        {"sum": "loss", "classes": classes},
    )


def _pair(value: tuple[float, float]) -> str:
    return f"{value[0]:.4f} and {value[1]:.4f}"


def _whole_or_decimal(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else decimal(value)


GENERATORS = (
    Generator("pooled-corner", "pooling", "junior", pooled_corner, decimal),
    Generator("soft-target", "augmentation", "mid", soft_target, _pair),
    Generator("learning-rate", "fine-tuning", "mid", rate, decimal),
    Generator("metric", "evaluation", "senior", metric, decimal),
    Generator("training-sum", "training", "junior", small_sum, _whole_or_decimal),
)
