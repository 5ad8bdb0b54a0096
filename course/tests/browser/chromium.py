"""Chromium on the study site: where it is, how pages may look, and one that fails its test at any error."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no chromium on the PATH, and CHROMIUM names none"
)
AXE = Path(__file__).parent.parent / "axe" / "axe.min.js"
PATIENCE = 60_000
"""Milliseconds that a busy machine may take for a click."""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1200, "height": 900}},
    "dark": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}


def opened(browser: Any, address: str, look: str, *, told: Collection[str] = ()) -> Iterator[Any]:
    """A page that looks as ``look`` says; an error in its console fails the test, unless it holds one of ``told``."""
    context = browser.new_context(base_url=address, **LOOKS[look])
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    broken: list[str] = []
    made.on("pageerror", lambda error: broken.append(str(error)))
    made.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    yield made
    context.close()
    assert [] == [text for text in broken if not any(known in text for known in told)]


def follow(page: Any, control: Any) -> None:
    """Click a link or a form's button, and wait for the page that it leads to; a click alone does not."""
    with page.expect_navigation(wait_until="load"):
        control.click()
