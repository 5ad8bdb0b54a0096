"""Fine-tuning over time: rates, thawing stages, optimiser steps, and when to stop. Computed by the references."""

from __future__ import annotations

from collections.abc import Iterator

from course.figures.chart import Chart
from course.figures.reference import reference
from course.figures.svg import BLUE, BLUE_TINT, GREEN, GREEN_TINT, GREY, INK, LINE, MUTED, RED, RED_TINT, Sheet, number


def schedules() -> Sheet:
    """Warm-up and cosine beside a schedule in steps."""
    total, warmup, base, drops = 100, 10, 0.1, (50, 75)
    cosine = [reference("fine_tuning_setup").warmup_cosine(step, total, warmup, base) for step in range(total + 1)]
    sheet = Sheet(
        720,
        330,
        "Two learning-rate schedules",
        "Warm-up and cosine: the rate rises in a straight line over ten steps, then falls to zero along half a cosine. "
        "The schedule in steps stays at its rate and is divided by ten at steps 50 and 75.",
    )
    chart = Chart(sheet, (70, 52, 430, 210), (0, total), (0, base * 1.08))
    ticks = [(base * part / 4, number(base * part / 4, 3)) for part in range(5)]
    chart.axes(range(0, total + 1, 25), ticks, "optimiser step", "learning rate")
    stairs = [base * 0.1 ** sum(step >= drop for drop in drops) for step in range(total + 1)]
    across, up = [], []
    for step in range(total + 1):
        if step and stairs[step] != stairs[step - 1]:
            across.append(step)
            up.append(stairs[step - 1])
        across.append(step)
        up.append(stairs[step])
    chart.curve(across, up, RED, 2.5, "8 4")
    chart.curve(range(total + 1), cosine, BLUE, 3)
    x, _ = chart.point(warmup, 0)
    sheet.line([(x, 52), (x, 262)], LINE, 1, "3 3")
    sheet.text(x + 6, 246, f"warm-up: {warmup} steps", 12, MUTED, "start")
    sheet.line([(520, 76), (550, 76)], BLUE, 3)
    sheet.text(558, 76, "warm-up, cosine", 14, BLUE, "start", bold=True)
    for line, step in enumerate((0, warmup - 1, (total + warmup) // 2, total)):
        sheet.text(558, 100 + line * 20, f"step {step}: {number(cosine[step], 3)}", 13, anchor="start")
    sheet.line([(520, 204), (550, 204)], RED, 2.5, "8 4")
    sheet.text(558, 204, "in steps", 14, RED, "start", bold=True)
    for line, step in enumerate((0, *drops)):
        sheet.text(558, 228 + line * 20, f"step {step}: {number(stairs[step], 3)}", 13, anchor="start")
    return sheet


class _Parameter:
    """As much of a parameter as ``unfreeze_for_epoch`` touches."""

    trains = False

    def requires_grad_(self, value: bool) -> None:
        """Note it."""
        self.trains = value


class _Stage:
    """As much of a module as ``unfreeze_for_epoch`` touches."""

    def __init__(self) -> None:
        self.parameter = _Parameter()

    def parameters(self) -> Iterator[_Parameter]:
        """The only one."""
        yield self.parameter


def unfreezing() -> Sheet:
    """Which stages train in which epoch, and at which rate, with a decay from layer to layer."""
    names, epochs = ("head", "layer3", "layer2", "layer1", "stem"), 6
    base, head, decay = 0.001, 0.01, 0.5
    rates = [head, *(base * decay**depth for depth in range(len(names) - 1))]
    stages = [_Stage() for _ in names]
    sheet = Sheet(
        720,
        320,
        "Gradual unfreezing, from the head to the stem",
        "In epoch 0 only the head trains; each further epoch frees one stage more. Earlier stages have lower learning "
        "rates, because what they know is more general.",
    )
    left, top, width, height = 110.0, 56.0, 72.0, 42.0
    for epoch in range(epochs):
        reference("fine_tuning_setup").unfreeze_for_epoch(stages, epoch)
        sheet.text(left + (epoch + 0.5) * width, 38, f"epoch {epoch}", 13, MUTED)
        for row, stage in enumerate(stages):
            trains = stage.parameter.trains
            x, y = left + epoch * width, top + row * height
            sheet.box(
                x + 2, y + 2, width - 4, height - 4, GREEN_TINT if trains else GREY, GREEN if trains else LINE, 1.5, 4
            )
            sheet.text(x + width / 2, y + height / 2, "trains" if trains else "frozen", 13, INK if trains else MUTED)
    sheet.text(630, 38, "learning rate", 13, MUTED)
    for row, (name, rate) in enumerate(zip(names, rates, strict=True)):
        y = top + (row + 0.5) * height
        sheet.text(left - 12, y, name, 14, anchor="end", bold=True)
        sheet.box(560, y - 7, 62 * rate / head, 14, BLUE_TINT, BLUE, 1.2)
        sheet.text(632, y, number(rate, 6), 13, anchor="start")
    sheet.text(
        360,
        290,
        f"head {number(head)}; the last stage {number(base, 3)}, each one before it × {number(decay)}",
        13,
        MUTED,
    )
    return sheet


def accumulation() -> Sheet:
    """Ten batches in groups of four: when gradients are cleared, added up and used."""
    batches, group = 10, 4
    steps = [batch for batch in range(1, batches + 1) if batch % group == 0 or batch == batches]
    sheet = Sheet(
        720,
        220,
        "Gradient accumulation: ten batches, three optimiser steps",
        "Each batch adds a quarter of its gradient to what is there. After batches 4, 8 and 10 the gradient is "
        "clipped, the optimiser takes its step, the scheduler and the average of weights follow, and the "
        "gradient is cleared.",
    )
    left, width, base = 40.0, 64.0, 120.0
    fill = 0
    for batch in range(1, batches + 1):
        x = left + (batch - 1) * width
        fill += 1
        sheet.text(x + width / 2, 28, f"batch {batch}", 13, MUTED)
        sheet.box(x + 8, base - fill * 18, width - 16, fill * 18, BLUE_TINT, BLUE, 1.5)
        for line in range(1, fill):
            sheet.line([(x + 8, base - line * 18), (x + width - 8, base - line * 18)], BLUE, 1)
        if batch in steps:
            sheet.line([(x + width / 2, base + 4), (x + width / 2, base + 28)], RED, 2.5, arrow=True)
            sheet.text(x + width / 2, base + 42, f"step {steps.index(batch) + 1}", 14, RED, bold=True)
            sheet.text(x + width / 2, base + 61, f"{fill}/{group}", 13, MUTED)
            fill = 0
    sheet.line([(left, base), (left + batches * width, base)], MUTED, 1.5)
    sheet.text(
        left, 200, f"each brick: one batch's gradient / {group}; a step uses the pile and clears it", 13, MUTED, "start"
    )
    return sheet


def stopping() -> Sheet:
    """The lesson's run: patience runs out at the sixth epoch, and the fourth one's weights come back."""
    losses, patience = (5.0, 4.0, 6.0, 3.0, 3.0, 8.0), 2
    watch = reference("fine_tuning_setup").EarlyStopping(patience)
    sheet = Sheet(
        720,
        330,
        "Early stopping, and the way back to the best weights",
        "Validation losses of six epochs. Two epochs in a row without an improvement exhaust the patience: the run "
        "ends, and the model gets back the copy of its weights that was made in the best epoch.",
    )
    chart = Chart(sheet, (70, 52, 600, 210), (-0.4, len(losses) - 0.6), (0, 9))
    chart.axes(range(len(losses)), [(value, f"{value}") for value in range(0, 9, 2)], "epoch", "validation loss")
    chart.curve(range(len(losses)), losses, BLUE, 2)
    bad, ended = 0, len(losses) - 1
    for epoch, loss in enumerate(losses):
        stop = watch.step(loss)
        good = watch.best_step == epoch
        bad = 0 if good else bad + 1
        x, y = chart.point(epoch, loss)
        sheet.dot(x, y, 8, GREEN_TINT if good else RED_TINT, GREEN if good else RED, 2.5)
        name = f"{number(loss)}: copied" if good else f"{number(loss)}: bad, {bad} of {patience}"
        rises = epoch > 0 and loss > losses[epoch - 1]
        sheet.text(x, y - 20 if rises else y + 21, name, 13, GREEN if good else RED)
        if stop:
            ended = epoch
            break
    from_x, from_y = chart.point(ended, losses[ended])
    to_x, to_y = chart.point(watch.best_step, watch.best)
    _, low = chart.point(0, 0.4)
    sheet.line([(from_x, from_y + 12), (from_x, low), (to_x, low), (to_x, to_y + 33)], INK, 2, "6 4", arrow=True)
    sheet.text((from_x + to_x) / 2, low - 12, f"stop: back to epoch {watch.best_step}", 13, bold=True)
    return sheet
