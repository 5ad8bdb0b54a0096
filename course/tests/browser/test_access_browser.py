"""Every kind of page of the study site, for everybody: by axe-core, on a phone, in the dark, by keyboard alone.

With ``EVERY_PAGE=1`` axe-core reads every page that there is, each topic, question and review.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from course.benchmarks.site import live_in
from course.tests.browser.chromium import AXE, LOOKS, NEEDS_CHROMIUM, follow, opened

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]
HEAVIEST = 200_000
"""Bytes of a page with all that it loads."""
STILL = 0.02
"""The largest layout shift that nobody notices."""
KINDS = [
    *("/", "/topics/convolution", "/questions", "/questions/6", "/cards", "/test", "/reviews", "/reviews/review_ema"),
    *("/interview", "/history", "/explorer", "/nothing-here"),
]
TABBABLE = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  )].filter((one) => !one.disabled && one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true})
    && !(one.type === 'radio' && document.querySelector(`input[name="${one.name}"]`) !== one)).length"""
FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const around = one.closest('.pad');
  const ringed = style.outlineStyle !== 'none' || (around && getComputedStyle(around).outlineStyle !== 'none');
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  window.visited ??= [];
  const before = window.visited.indexOf(one);
  window.visited.push(one);
  return one === document.body || before === 0 ? null : [one.outerHTML.slice(0, 90), ringed && seen && before < 0];
}"""
"""The element with the focus and whether it is new, within view and marked; None once all have been visited."""


def _violations(page: Any) -> Any:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate("axe.run().then((result) => result.violations.map((one) => [one.id, one.nodes[0].html]))")


def _sound(page: Any, what: str) -> None:
    """Nothing scrolls sideways, and axe-core finds no violation."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), what
    assert [] == _violations(page), what


@pytest.mark.parametrize("look", LOOKS)
def test_every_kind_of_page_is_accessible_narrow_light_and_still(
    browser: Any, address: str, site_course: Path, look: str
) -> None:
    """Also those that a form leads to: a question compared, a test, its result, a review's score, an interview."""
    visits = live_in(site_course, datetime.now(UTC))
    ended, running = [visit.path for visit in visits if visit.path.startswith("/test/")]
    paths = [*KINDS, ended, running]
    if os.environ.get("EVERY_PAGE"):
        paths = list(dict.fromkeys([*paths, *(visit.path for visit in visits if visit.form is None)]))
    weights: dict[str, int] = {}
    for page in opened(browser, address, look, told=["404"]):
        page.on("response", lambda answer: weights.__setitem__(answer.url, int(answer.headers["content-length"])))
        page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
            " window.shift += one.value; })).observe({type: 'layout-shift', buffered: true});"
        )
        for path in paths:
            weights.clear()
            page.goto(path, wait_until="networkidle" if "topics" not in path else "load")
            assert 10_000 < sum(weights.values()) < HEAVIEST, path
            assert page.evaluate("window.shift") < STILL, path
            page.evaluate("document.querySelectorAll('main > details').forEach((folded) => { folded.open = true })")
            _sound(page, path)
        page.goto("/questions/3")
        page.get_by_label("Your own answer").fill("Zeros around the picture keep its size.")
        follow(page, page.get_by_role("button", name="Compare"))
        _sound(page, "a question compared")
        page.goto("/reviews/review_training_loop")
        page.get_by_label("Line 25", exact=True).select_option("metric")
        follow(page, page.get_by_role("button", name="Hand in the review"))
        _sound(page, "a review's score")
        page.goto("/interview")
        follow(page, page.get_by_role("button", name="Begin"))
        page.get_by_label("Your answer").fill("The same weights everywhere.")
        _sound(page, "an interview")
        follow(page, page.get_by_role("button", name="Answer"))
        _sound(page, "an interview's key points")


def test_every_kind_of_page_by_keyboard(browser: Any, address: str, site_course: Path) -> None:
    """Tab comes to everything that can be used, in turn, shows where it is, and is trapped nowhere."""
    visits = live_in(site_course, datetime.now(UTC))
    running = [visit.path for visit in visits if visit.path.startswith("/test/")][-1]
    for page in opened(browser, address, "light", told=["404"]):
        for path in [*KINDS, running]:
            page.goto(path, wait_until="load")
            seen = []
            while True:
                page.keyboard.press("Tab")
                focused = page.evaluate(FOCUSED)
                if focused is None:
                    break
                html, shown = focused
                assert shown, (path, html)
                seen.append(html)
                assert len(seen) < 400, f"{path} never ends"
                if 'id="code"' in html:
                    page.keyboard.press("Escape")
            assert page.evaluate(TABBABLE) == len(seen), (path, seen)


def test_the_editor_by_keyboard(page: Any, site_course: Path) -> None:
    """Lines are numbered; Tab, Shift+Tab and Enter indent, Ctrl+Z takes back, and Esc gives Tab back."""
    page.goto("/reviews/review_training_loop")
    code = page.locator("#code")
    code.fill("def f():")
    code.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("x = 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("y")
    assert "def f():\n    x = 1\n        y" == code.input_value()
    assert "1\n2\n3" == page.locator("#numbers").text_content()
    page.keyboard.press("Shift+Tab")
    assert "def f():\n    x = 1\n    y" == code.input_value()
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert "    def f():\n        x = 1\n        y" == code.input_value()
    page.keyboard.press("Control+z")
    assert "def f():\n    x = 1\n    y" == code.input_value()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert "Save and check" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert "code" == page.evaluate("document.activeElement.id")


def test_the_editor_keeps_what_could_not_be_saved(browser: Any, address: str, site_course: Path) -> None:
    """The file changed on disk, then the site is gone: the text stays, and saving again replaces what was there."""
    file = site_course / "exercises" / "review_training_loop" / "review_training_loop.py"
    for page in opened(browser, address, "light", told=["Failed to load resource", "Failed to fetch"]):
        page.goto("/reviews/review_training_loop")
        page.locator("#code").fill("mine = (")
        file.write_text("theirs = 1\n", encoding="utf-8")
        page.keyboard.press("Control+s")
        page.get_by_role("alert").wait_for()
        assert "changed on disk" in page.get_by_role("alert").inner_text()
        assert "mine = (" == page.locator("#code").input_value()
        assert "theirs = 1\n" == file.read_text(encoding="utf-8")
        page.route("**/code", lambda route: route.abort())
        page.keyboard.press("Control+s")
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        assert "mine = (" == page.locator("#code").input_value()
        page.unroute("**/code")
        page.keyboard.press("Control+s")
        page.get_by_text("Your file can't be run").wait_for()
        assert "mine = (\n" == file.read_text(encoding="utf-8")
        assert 0 == page.get_by_role("alert").count()
