"""The class report as a browser shows it: what is on the screen, not what is in the file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.benchmarks.synthetic import Answers, real_answers, synthetic_class
from grader.core.grade import Evidence, Graded
from grader.core.topic import read_topic
from grader.release.skeleton import new_topic
from grader.report.classdata import ClassTopic, read_course
from grader.report.classpage import class_html

if TYPE_CHECKING:
    from playwright.sync_api import Page

STUDENTS = 1_200
HOSTILE = "<img src=x onerror=\"document.title='pwned'\"></script><script>document.title='pwned'</script>"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of two topics made from graded answers; the first topic's last student has a hostile name and output."""
    folder = tmp_path_factory.mktemp("report")
    answers = real_answers(read_topic(new_topic(folder / "solutions", "small")), "none", 1)
    topics = []
    for name in ("first", "second"):
        made = list(synthetic_class(Answers(name, answers.suite_digest, answers.graded), STUDENTS))
        topics.append(ClassTopic(name, answers.suite_digest, "0.1", "none", made))
    villain = msgspec.structs.replace(
        answers.graded[0].grade, student=f"zz {HOSTILE}", flags=(HOSTILE,), gradable=False
    )
    first = [*topics[0].graded, Graded(villain, Evidence(output=HOSTILE, notes=(HOSTILE,)))]
    course = read_course([msgspec.structs.replace(topics[0], graded=first), topics[1]])
    path = folder / "report.html"
    path.write_text(class_html(course), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """A tab of the system's Chromium."""
    browsers = pytest.importorskip("playwright.sync_api", reason="not proven: playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("not proven: there is no chromium on this host")
    with browsers.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


@pytest.fixture
def page(tab: Page, report: Path) -> Iterator[Page]:
    """The report, opened from disk; afterwards nothing may have been complained about, nor anything loaded."""
    complaints: list[str] = []
    loaded: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("request", lambda request: loaded.append(request.url))
    tab.goto("about:blank")
    tab.goto(report.as_uri())
    tab.wait_for_selector("html[data-drawn]")
    yield tab
    assert [] == complaints
    assert {report.as_uri()} == {url.partition("#")[0] for url in loaded}
    assert "Class report" == tab.title()


def names(page: Page) -> list[str]:
    """The students in the table on the screen, from the top."""
    return page.locator("section.view:not([hidden]) .window tbody th").all_inner_texts()


def total(page: Page) -> int:
    """How many students the course has: those who handed in anything."""
    return int(page.evaluate("JSON.parse(document.getElementById('data').textContent).students.length"))


def column(page: Page, number: int) -> list[float]:
    """The numbers in a column of that table."""
    cells = page.locator(f"section.view:not([hidden]) .window tbody td:nth-child({number})")
    return [float(text.split(" ")[0]) for text in cells.all_inner_texts() if text]


def test_only_the_rows_in_sight_are_drawn(page: Page) -> None:
    """A few dozen of some 1,200; the end of the table is reached by scrolling."""
    table = page.locator("#course .window table")
    assert total(page) > 1_000
    assert str(total(page) + 1) == table.get_attribute("aria-rowcount")
    assert "student-00000" == names(page)[0]
    assert len(names(page)) < 80
    page.locator("#course .window").evaluate("view => view.scrollTo(0, view.scrollHeight)")
    page.wait_for_selector("#course .window tbody th >> text=zz <img")
    assert names(page)[-1] == f"zz {HOSTILE}"
    assert len(names(page)) < 80


def test_a_column_is_sorted_both_ways(page: Page) -> None:
    """Largest first, then smallest first."""
    page.click("#course .window th >> text=Points")
    falling = column(page, 2)
    assert falling == sorted(falling, reverse=True)
    page.click("#course .window th >> text=Points")
    rising = column(page, 2)
    assert rising == sorted(rising)
    assert rising[0] < falling[0]


def test_a_table_of_checks_is_sorted(page: Page) -> None:
    """What is markup can be sorted, too; by name as by number."""
    page.click("nav >> text=first")
    page.click("#t1 .rates th >> text=Passed")
    rates = page.locator("#t1 .rates tbody td:nth-child(3)").all_inner_texts()
    numbers = [int(rate.split(" ")[0]) for rate in rates]
    assert len(numbers) > 1
    assert numbers == sorted(numbers, reverse=True)


def test_the_filter_finds_names_scores_and_who_is_missing(page: Page) -> None:
    """And says how many of how many."""
    table = page.locator("#course .students")
    table.locator("input").fill("student-0004")
    assert [f"student-0004{digit}" for digit in range(10)] == names(page)
    assert f"10 of {total(page)}" == table.locator("[role=status]").inner_text()
    table.locator("input").fill("missing:second score>0")
    assert {"–"} == set(page.locator("#course .window tbody td:last-child:not([colspan])").all_inner_texts())
    table.locator("input").fill("score>=100")
    assert {"100 %"} == set(page.locator("#course .window tbody td:nth-child(3)").all_inner_texts())


def test_a_mistake_leads_to_who_made_it(page: Page) -> None:
    """By a click on its name."""
    page.click("nav >> text=second")
    mistake = page.locator("#t2 [data-find^='mistake:']").first
    name = mistake.inner_text()
    mistake.click()
    assert names(page)
    assert all(
        name in text for text in page.locator("#t2 .window tbody td:last-child:not([colspan])").all_inner_texts()
    )


def test_a_check_leads_to_who_fails_it(page: Page) -> None:
    """As many as the table of checks counts."""
    page.click("nav >> text=first")
    row = page.locator("#t1 .rates tbody tr").first
    verdicts = row.locator("td").last.inner_text()
    failed = sum(int(part.split()[0]) for part in verdicts.split(",") if "passed" not in part and "grader" not in part)
    row.locator("button").click()
    status = page.locator("#t1 .students [role=status]").inner_text()
    assert failed == int(status.split()[0])


def test_what_a_submission_wrote_is_text_on_the_screen(page: Page) -> None:
    """Its name, flags, notes and output, in the table and in its own window; none of it runs."""
    page.click("nav >> text=first")
    page.fill("#t1 .students input", "zz")
    page.click("#t1 .window tbody button")
    shown = page.locator("dialog").inner_text()
    assert shown.count("onerror=") >= 4
    assert 0 == page.locator("dialog img").count()
    page.click("dialog >> text=Close")
    page.wait_for_selector("dialog", state="detached")


def test_the_policy_stops_any_other_script(tab: Page, report: Path) -> None:
    """Had markup got in after all, it would not run."""
    tab.goto(report.as_uri())
    tab.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'pwned'";
          document.body.append(script);
        }"""
    )
    assert "Class report" == tab.title()


def test_a_student_of_the_course_leads_to_each_topic(page: Page) -> None:
    """And says what was not handed in."""
    page.fill("#course .students input", "is:missing")
    page.click("#course .window tbody button")
    assert "not handed in" in page.locator("dialog").inner_text()
    page.click("dialog li button")
    assert "Close" in page.locator("dialog").inner_text()
    page.click("dialog >> text=Close")


def test_a_print_has_more_than_a_screenful(page: Page) -> None:
    """The first thousand rows, and how many are left."""
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert 1_000 == len(names(page))
    assert f"… and {total(page) - 1_000} more" in page.locator("#course .window").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(names(page)) < 80


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_can_be_read(page: Page, scheme: str) -> None:
    """Text and card differ in lightness by half the scale at least."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    lightness = """(name) => {
      const style = getComputedStyle(document.querySelector("#course .card"));
      const [r, g, b] = style[name].match(/\\d+/g).map(Number);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }"""
    text, card = (page.evaluate(lightness, name) for name in ("color", "backgroundColor"))
    assert abs(text - card) > 127
