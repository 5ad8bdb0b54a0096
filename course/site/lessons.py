"""Markdown of lessons and questions as HTML for a page, rendered once for as long as the text stays the same."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Final, NamedTuple

from course.study import markup

_IMAGE: Final = re.compile(r'<img src="([^"]*)" alt="([^"]*)"( title="[^"]*")? ?/?>')
_SIZE: Final = re.compile(r'<svg[^>]*? width="(\d+)" height="(\d+)"')
_BLOCK: Final = re.compile(r'<math([^>]*)display="block"([^>]*)>(.*?)</math>', re.DOTALL)


class Figure(NamedTuple):
    """A released drawing."""

    name: str
    svg: bytes
    width: int
    height: int


class Figures:
    """The drawings of all lessons, read once: a request names one of these and never a file."""

    def __init__(self, root: Path) -> None:
        self._known: dict[str, Figure] = {}
        for file in sorted((root / "exercises").glob("*/figures/*.svg")):
            svg = file.read_bytes()
            size = _SIZE.search(svg.decode("utf-8", "replace"))
            name = f"{file.parent.parent.name}/{file.stem}"
            width, height = (int(size[1]), int(size[2])) if size else (720, 400)
            self._known[name] = Figure(name, svg, width, height)

    def get(self, name: str) -> Figure | None:
        """The figure ``<topic>/<name>``."""
        return self._known.get(name)

    def img(self, name: str, alt: str) -> str:
        """The figure as an ``img`` with its size, so that nothing moves when it comes; ``alt`` is HTML already."""
        figure = self._known.get(name)
        if figure is None:
            return f"<em>{alt}</em>"
        size = f'width="{figure.width}" height="{figure.height}"'
        return f'<img src="/figures/{name}.svg" alt="{alt}" {size} loading="lazy" class="figure">'


@functools.lru_cache(maxsize=512)
def rendered(text: str) -> str:
    """HTML of Markdown with ``$…$`` formulae, without inline styles; what may be wide can be scrolled by keyboard."""
    html = markup.to_html(text)
    html = re.sub(r' style="text-align:\s*(left|right|center);?"', r' class="\1"', html)
    html = re.sub(r'(<m[a-z]+[^>]*?) style="[^"]*"', r"\1", html)
    html = html.replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return _BLOCK.sub(r'<span class="scroll formula" tabindex="0"><math\1display="block"\2>\3</math></span>', html)


class Lessons:
    """The lessons of the exercises; one is rendered again only when its file changed."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._kept: dict[Path, tuple[int, str]] = {}

    def html(self, folder: Path) -> str:
        """The lesson in an exercise's folder, without its title; empty if it is gone."""
        file = folder / "README.md"
        try:
            changed = file.stat().st_mtime_ns
            kept = self._kept.get(file)
            if kept is None or kept[0] != changed:
                text = re.sub(r"\A\s*# .*\n", "", file.read_text(encoding="utf-8", errors="replace"))
                kept = self._kept[file] = changed, self._with_figures(rendered(text), folder.name)
        except OSError:
            return ""
        return kept[1]

    def _with_figures(self, html: str, topic: str) -> str:
        def one(match: re.Match[str]) -> str:
            return self._figures.img(f"{topic}/{Path(match[1]).stem}", match[2])

        return _IMAGE.sub(one, html)
