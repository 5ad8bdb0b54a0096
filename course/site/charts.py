"""Small charts as SVG, coloured by the page's stylesheet; each has a title, and a table beside it on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 470
ROW: Final = 26
LABEL: Final = 228
TALL: Final = 160
BASE: Final = 130


def shares(rows: Sequence[tuple[str, float]], title: str) -> Markup:
    """Horizontal bars of shares in [0, 1]."""
    parts = []
    span = WIDTH - LABEL - 50
    for place, (name, share) in enumerate(rows):
        y = place * ROW
        parts.append(f'<text x="{LABEL - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect class="track" x="{LABEL}" y="{y + 6}" width="{span}" height="14" rx="7"/>')
        if share > 0:
            wide = max(14.0, share * span)
            parts.append(f'<rect class="mark" x="{LABEL}" y="{y + 6}" width="{wide:.1f}" height="14" rx="7"/>')
        parts.append(f'<text x="{LABEL + span + 8}" y="{y + 17}">{share:.0%}</text>')
    return _svg(parts, ROW * len(rows), title)


def columns(days: Sequence[tuple[date, int]], title: str) -> Markup:
    """A column a day, the highest one named."""
    most = max((count for _, count in days), default=0) or 1
    step = (WIDTH - 40) / max(1, len(days))
    parts = [f'<line class="grid" x1="40" y1="{BASE}" x2="{WIDTH}" y2="{BASE}"/>']
    parts.append(f'<text class="faint" x="34" y="24" text-anchor="end">{most}</text>')
    parts.append(f'<text class="faint" x="34" y="{BASE}" text-anchor="end">0</text>')
    for place, (_, count) in enumerate(days):
        tall = (BASE - 20) * count / most
        x = 40 + place * step
        parts.append(
            f'<rect class="mark" x="{x:.1f}" y="{BASE - tall:.1f}" width="{step * 0.8:.1f}" height="{tall:.1f}"/>'
        )
    if days:
        parts.append(f'<text class="faint" x="40" y="{BASE + 20}">{days[0][0]}</text>')
        parts.append(f'<text class="faint" x="{WIDTH}" y="{BASE + 20}" text-anchor="end">{days[-1][0]}</text>')
    return _svg(parts, TALL, title)


def line(values: Sequence[float], title: str) -> Markup:
    """Shares in [0, 1] one after another; empty where there is none."""
    if not values:
        return Markup()
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = BASE - share * (BASE - 20)
        parts.append(f'<line class="grid" x1="48" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}"/>')
        parts.append(f'<text class="faint" x="42" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    step = (WIDTH - 80) / max(1, len(values) - 1)
    points = [(64 + place * step, BASE - value * (BASE - 20)) for place, value in enumerate(values)]
    parts.append(f'<polyline class="way" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
    parts += [f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    return _svg(parts, BASE + 16, title)


def _svg(parts: Sequence[str], height: int, title: str) -> Markup:
    head = f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return Markup(f'{head} aria-label="{escape(title)}">{"".join(parts)}</svg>')  # noqa: S704 labels are escaped
