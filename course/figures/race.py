"""Transfer against scratch, drawn from numbers that ``python -m course.transfer`` measured once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from course.figures.chart import Chart
from course.figures.svg import BLUE, MUTED, RED, Sheet

MEASURED: Final = Path(__file__).with_name("race.json")
"""Written by ``python -m course.transfer --cpu-time --file solutions/transfer_head/transfer_head.py --json FILE``."""


def race() -> Sheet:
    """Test accuracy over seconds of one core, of both ways."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    guess = found["guess"]
    transfer, scratch = found["curves"]
    longest = max(transfer["seconds"][-1], scratch["seconds"][-1])
    sheet = Sheet(
        720,
        330,
        "Transfer against training from scratch",
        f"Transfer reaches {transfer['accuracy'][-1]:.0%} after {transfer['seconds'][-1]:.0f} seconds of one core; the "
        f"small network from scratch {scratch['accuracy'][-1]:.0%} after {scratch['seconds'][-1]:.0f}.",
    )
    chart = Chart(sheet, (70, 52, 620, 210), (0, longest * 1.02), (0, 0.8))
    step = 10 if longest > 30 else 5
    shares = [(part / 5, f"{part * 20} %") for part in range(5)]
    chart.axes(range(0, int(longest) + 1, step), shares, "seconds of one core", "right on 234 test pictures")
    chart.curve([0, longest], [guess, guess], MUTED, 1.5, "3 3")
    chart.curve(scratch["seconds"], scratch["accuracy"], RED, 2.5, "8 4")
    chart.curve(transfer["seconds"], transfer["accuracy"], BLUE, 3)
    x, y = chart.point(transfer["seconds"][-1], transfer["accuracy"][-1])
    sheet.text(x + 10, y, f"new head on a frozen network: {transfer['accuracy'][-1]:.0%}", 14, BLUE, "start", bold=True)
    x, y = chart.point(scratch["seconds"][-1], max(scratch["accuracy"]))
    sheet.text(x, y + 24, f"small CNN from scratch: {scratch['accuracy'][-1]:.0%}", 14, RED, "end", bold=True)
    x, y = chart.point(longest, guess)
    sheet.text(x, y + 14, f"always the largest class: {guess:.0%}", 13, MUTED, "end")
    return sheet
