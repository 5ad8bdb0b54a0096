"""The instructor's and the student's page in a real browser: narrow, dark, by keyboard, on paper, and for axe-core."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from grader.benchmarks.synthetic import real_answers, synthetic_class
from grader.core.topic import read_topic
from grader.report.classdata import ClassTopic, read_course
from grader.report.classpage import class_html
from grader.report.html import feedback_html
from grader.tests.classroom import ROOT, quick_level

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = ROOT / "course" / "tests" / "axe" / "axe.min.js"

LOOKS = [("light", 1280), ("dark", 360)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    browsers = pytest.importorskip("playwright.sync_api", reason="not proven: playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("not proven: there is no chromium on this host")
    with browsers.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A course's report, one topic's, and a student's feedback with public differences, by their addresses."""
    folder = tmp_path_factory.mktemp("look")
    topic = read_topic(ROOT / "solutions" / "convolution")
    answers = real_answers(topic, quick_level(), 1)
    made = {
        name: ClassTopic(name, answers.suite_digest, "0.1", "none", list(synthetic_class(answers, 60, seed)))
        for seed, name in enumerate(("convolution", "with_a_rather_long_name", "third"))
    }
    # Indented lines are arrays side by side.
    different = (entry for entry in answers.graded if any("\n  " in check.message for check in entry.grade.checks))
    worst = min(different, key=lambda entry: entry.grade.score)
    contents = {
        "course": class_html(read_course(made.values())),
        "topic": class_html(read_course([made["convolution"]])),
        "feedback": feedback_html(worst.grade, topic.config.title, worst.evidence),
        "passed": feedback_html(answers.graded[0].grade, topic.config.title, answers.graded[0].evidence),
    }
    for name, text in contents.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in contents}


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_is_accessible_and_none_scrolls_sideways(
    browser: Browser, pages: dict[str, str], scheme: str, width: int
) -> None:
    """axe-core finds nothing; wide tables scroll within themselves."""
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    for name, address in (*pages.items(), ("course", f"{pages['course']}#t2")):
        tab.goto("about:blank")
        tab.goto(address)
        if "<script>" in tab.content():
            tab.wait_for_selector("html[data-drawn]")
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run().then((result) => result.violations.map((one) => [one.id, one.nodes[0].html]))")
        assert [] == found, name
    tab.close()


def test_the_tables_of_a_topic_fit_a_laptop(browser: Browser, pages: dict[str, str]) -> None:
    """No column is cut off at 1280 pixels."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    for name in ("course", "topic"):
        tab.goto(pages[name])
        tab.wait_for_selector("html[data-drawn]")
        cut = tab.evaluate(
            "[...document.querySelectorAll('section.view:not([hidden]) .scroll')]"
            ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText.slice(0, 60))"
        )
        assert [] == cut, name
    tab.close()


def test_the_report_is_walked_by_keyboard(browser: Browser, pages: dict[str, str]) -> None:
    """Every step is on a control that can be seen; Enter on a mistake finds its students, on a student their story."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(pages["topic"])
    tab.wait_for_selector("html[data-drawn]")
    focused = "document.activeElement.dataset.find || ''"
    for _ in range(40):
        tab.keyboard.press("Tab")
        outlined = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
        assert outlined, tab.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        if str(tab.evaluate(focused)).startswith("mistake:"):
            break
    wanted = tab.evaluate(focused)
    assert wanted.startswith("mistake:")
    tab.keyboard.press("Enter")
    assert wanted == tab.locator(".tools input").input_value()
    tab.locator(".window tbody th button").first.press("Enter")
    assert tab.locator("dialog").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.locator("dialog").is_visible()
    tab.close()


def test_paper_is_light_and_whole(browser: Browser, pages: dict[str, str]) -> None:
    """Printed from a dark screen: dark on white, every student there, nothing cut off by a scroll bar."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    tab.goto(pages["topic"])
    tab.wait_for_selector("html[data-drawn]")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print", color_scheme="light")
    card = "getComputedStyle(document.querySelector('.card.students')).backgroundColor"
    assert "rgb(255, 255, 255)" == tab.evaluate(card)
    rows = tab.locator(".window tbody tr th").count()
    assert rows == tab.evaluate("JSON.parse(document.getElementById('data').textContent).topics[0].rows.length")
    kinds = "document.querySelectorAll('.scroll, .window, .tall')"
    scrolling = f"[...{kinds}].filter((one) => getComputedStyle(one).overflowY !== 'visible')"
    assert 0 == tab.evaluate(f"{scrolling}.length")
    tab.close()


def test_a_student_reads_what_was_expected(pages: dict[str, str], browser: Browser) -> None:
    """On a phone the two arrays stay side by side and scroll in place, by keyboard too."""
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    tab.goto(pages["feedback"])
    tables = tab.get_by_role("group", name="Expected and yours")
    assert tables.count() > 0
    assert all("  " in text for text in tables.locator("code").all_text_contents())
    tables.first.focus()
    assert tab.evaluate("document.activeElement.className") == "message"
    tab.close()
