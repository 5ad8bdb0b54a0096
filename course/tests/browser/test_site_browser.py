"""The study site as a student uses it, in Chromium: by keyboard too, on a phone, in the dark."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.content import cards
from course.figures.reference import ROOT
from course.reviews.released import open_review, read_key
from course.study.log import StudyLog, study_file
from course.technical.formulas import conv_out
from course.tests.browser.chromium import NEEDS_CHROMIUM, follow

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]


def _grid(page: Any, name: str, n: int) -> Any:
    texts = page.locator(f"#{name} text").all_text_contents()
    return np.array([float(text.replace("−", "-")) for text in texts]).reshape(n, n)


@pytest.mark.parametrize(("k", "s", "p", "d"), [(3, 1, 0, 1), (3, 2, 1, 1), (2, 1, 3, 2), (5, 3, 2, 1), (1, 1, 0, 3)])
def test_the_explorer_computes_what_numpy_does(page: Any, k: int, s: int, p: int, d: int) -> None:
    """Every output cell for convolution, max and mean, the size by the course's own formula, and the marked window."""
    page.goto("/explorer")
    x = _grid(page, "input-map", 12)
    for name, number in {"Size k": k, "Stride s": s, "Padding p": p, "Dilation d": d}.items():
        page.get_by_label(name).fill(str(number))
    size = conv_out(12, k, s, p, d)
    w = np.array([[float(field.input_value()) for field in page.locator("#weights input").all()]]).reshape(k, k)
    padded = np.pad(x, p)
    windows = np.array(
        [
            [padded[i * s : i * s + d * k : d, j * s : j * s + d * k : d][:k, :k] for j in range(size)]
            for i in range(size)
        ]
    )
    np.testing.assert_allclose(_grid(page, "output-map", size), (windows * w).sum((-2, -1)), atol=0.005)
    assert str(size) == page.locator("#f-out").text_content()
    assert k * k == page.locator("#taps rect").count()
    if p <= k // 2:
        page.get_by_label("Operation").select_option("max")
        np.testing.assert_allclose(_grid(page, "output-map", size), windows.max((-2, -1)), atol=0.005)
        if d == 1:
            page.get_by_label("Operation").select_option("average")
            np.testing.assert_allclose(_grid(page, "output-map", size), windows.mean((-2, -1)), atol=0.0051)


def test_the_explorer_by_keyboard_asks_the_server_nothing(page: Any) -> None:
    """Arrow keys move the window, the change is told aloud, the terms add up, and no request is made."""
    page.goto("/explorer", wait_until="networkidle")
    asked: list[str] = []
    # Chromium asks for a page's icon when it likes.
    page.on("request", lambda request: None if request.url.endswith("/icon.svg") else asked.append(request.url))
    page.locator("#output-box").focus()
    for key in ["ArrowDown", "ArrowDown", "ArrowRight"]:
        page.keyboard.press(key)
    assert page.locator("#place").text_content() == "row 3, column 2 of 10 × 10"
    told = page.locator("#live").text_content()
    assert told.startswith("Output row 3, column 2: ")
    terms = [text.replace("−", "-").split(" · ") for text in page.locator("#sum td").all_text_contents()]
    total = sum(float(x) * float(w.strip("()")) for x, w in terms)
    assert total == float(told.rpartition(": ")[2].rstrip(".").replace("−", "-"))
    assert ("40", "40") == tuple(page.locator("#taps rect").first.get_attribute(name) for name in ("y", "y"))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.getElementById('place').textContent.startsWith('row 3, column 4')")
    assert told == page.locator("#live").text_content()
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("weight in row 1, column 1").fill("5")
    assert page.locator("#kernel").input_value() == "own"
    assert [] == asked
    page.locator("#input").select_option("photo")
    page.wait_for_function("() => document.querySelectorAll('#input-map text').length === 400")
    page.get_by_label("Size k").fill("5")
    page.get_by_label("Dilation d").fill("3")
    page.locator("#input").select_option("seven")
    assert page.locator("#nothing").is_visible()


def test_cards_by_keyboard(page: Any, site_course: Path) -> None:
    """Space turns a card, a number rates it, and the next one is there with the focus on it."""
    page.goto("/cards")
    known = {card.id: card for card in cards()}
    seen = []
    for key in "314":
        card = page.locator("input[name=card]").input_value()
        seen.append(card)
        assert page.locator(".ratings").is_hidden()
        page.keyboard.press("Space")
        assert page.locator(".ratings").is_visible()
        page.keyboard.press(key)
        page.wait_for_function("(last) => document.querySelector('input[name=card]').value !== last", arg=card)
        # A moment after the card.
        page.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")
    assert ["good", "again", "easy"] == [rating for _, rating, _ in StudyLog(study_file(site_course)).reviews()]
    assert len(set(seen)) == 3
    assert set(seen) <= set(known)


def test_a_test_against_the_clock(page: Any) -> None:
    """The clock runs down, answers go one by one, and the result explains each item."""
    page.goto("/test")
    page.get_by_label("Items").fill("2")
    follow(page, page.get_by_role("button", name="Begin"))
    begun = page.locator("#timer").text_content()
    page.wait_for_function("(begun) => document.getElementById('timer').textContent !== begun", arg=begun)
    for item in (1, 2):
        assert f"Item {item} of 2" == page.locator("h1").text_content()
        page.locator("input[name=choice]").first.check()
        follow(page, page.get_by_role("button", name="Answer"))
    assert "of 2 right" in page.locator("h1").text_content()
    assert page.locator("main details").count() == 2


def test_the_clock_hands_a_test_in(page: Any, site_course: Path) -> None:
    """When it shows nothing left, without a click."""
    page.goto("/test")
    page.get_by_label("Items").fill("1")
    page.clock.install()
    follow(page, page.get_by_role("button", name="Begin"))
    begun = page.locator("#timer").text_content()
    page.wait_for_function("(begun) => document.getElementById('timer').textContent !== begun", arg=begun)
    page.clock.fast_forward(200_000)
    page.get_by_role("heading", name="0 of 1 right").wait_for()
    assert len(StudyLog(study_file(site_course)).exam_history()) == 1


def test_an_interview_in_writing(page: Any) -> None:
    """An answer is compared with the key points, ticks are corrected, a follow-up comes, and it ends in a scorecard."""
    page.goto("/interview")
    page.get_by_label("Minutes").fill("15")
    follow(page, page.get_by_role("button", name="Begin"))
    page.get_by_label("Your answer").fill("A kernel slides over the image, and the same weights are used everywhere.")
    follow(page, page.get_by_role("button", name="Answer"))
    for box in page.locator("input[name=point]").all():
        box.check()
    follow(page, page.get_by_role("button", name="Go on"))
    assert "follow-up" in page.locator("main").text_content()
    follow(page, page.get_by_role("button", name="End the interview"))
    assert "100%" in page.get_by_role("heading", name="Scorecard of").text_content()


def test_a_question_alone_first(page: Any) -> None:
    """The answer is folded away; a written one is compared, and the whole answer is shown."""
    page.goto("/questions/4")
    assert not page.locator(".answer .lesson").is_visible()
    page.get_by_label("Your own answer").fill("Max keeps the strongest response of a window, average keeps the mean.")
    follow(page, page.get_by_role("button", name="Compare"))
    assert page.locator(".results .pass").count() >= 1
    assert page.locator(".answer .lesson").is_visible()


def test_a_review_by_lines(page: Any, site_course: Path) -> None:
    """Lines are marked with a kind, the score explains what was planted, and the file is mended in the page."""
    slug = "review_training_loop"
    page.goto("/reviews")
    follow(page, page.get_by_role("link", name="training loop"))
    bug = read_key(open_review(slug, site_course)).bugs[0]
    page.get_by_label(f"Line {bug.lines[0]}", exact=True).select_option(bug.kinds[0])
    follow(page, page.get_by_role("button", name="Hand in the review"))
    assert page.locator(".results .pass").first.inner_text().startswith("found:")
    assert "2 of" in page.locator("#score").inner_text()
    page.locator("#code").fill((ROOT / "solutions" / slug / f"{slug}.py").read_text(encoding="utf-8"))
    page.set_default_timeout(120_000)
    page.get_by_role("button", name="Save and check").click()
    page.get_by_text("public checks pass").wait_for()
    assert page.locator("#your-checks .fail").count() == 0


def test_saving_a_file_checks_it(page: Any, site_course: Path) -> None:
    """The topic's page notices the change and shows what the checks say, without a click or a reload."""
    slug = "conv_arithmetic"
    page.goto(f"/topics/{slug}")
    assert "Not begun" in page.locator("#your-checks").text_content()
    shutil.copy(ROOT / "solutions" / slug / f"{slug}.py", site_course / "exercises" / slug / f"{slug}.py")
    page.wait_for_function(
        "() => document.querySelector('#your-checks').textContent.includes('public checks pass')", timeout=120_000
    )
    assert page.locator("#your-checks .fail").count() == 0
    assert page.locator("#your-checks .pass").count() > 5
    page.goto("/")
    assert "1 of 18 done" in page.locator("main").inner_text()
