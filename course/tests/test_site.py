"""The study site without a browser: every route, from the first page to the last score."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from course.content import cards, questions
from course.figures.reference import ROOT
from course.reviews.released import all_reviews, read_key
from course.study import interview as interviews
from course.study import schedule
from course.study.errors import StudyError
from course.study.log import study_file
from course.tests.site_address import log_of
from grader.core.topic import Topic, find_topics

TOPICS = sorted(topic.slug for topic in find_topics(ROOT / "exercises"))


REVIEWS = all_reviews(ROOT)


PAGES = ["/", "/questions", "/cards", "/test", "/reviews", "/interview", "/history", "/explorer"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_nothing_of_their_own(client: TestClient, path: str) -> None:
    """Each page is there, forbids inline scripts and styles, holds none, and is small."""
    page = client.get(path)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:|https?://", page.text) == []
    assert len(page.content) < 60_000


def test_every_topic_and_question_has_its_page(client: TestClient) -> None:
    """With its lesson, formulae as MathML, pictures with a size and a text, and no inline style."""
    for slug in TOPICS:
        page = client.get(f"/topics/{slug}")
        assert page.status_code == 200
        assert 'class="lesson"' in page.text
        assert re.search(r"\sstyle=", page.text) is None
        for image in re.findall(r"<img [^>]*>", page.text):
            assert re.search(r' alt="[^"]+" width="\d+" height="\d+"', image)
            assert client.get(re.findall(r'src="([^"]+)"', image)[0]).headers["content-type"] == "image/svg+xml"
    for question in questions():
        page = client.get(f"/questions/{question.number}")
        assert page.status_code == 200
        assert page.text.count("<math") >= question.answer.count("$$") // 2
        assert re.search(r"\sstyle=", page.text) is None


def test_rating_a_card_is_what_the_library_says(client: TestClient, site_course: Path) -> None:
    """The rating is kept with the schedule FSRS gives, and the next card comes."""
    first, second = cards()[0], cards()[1]
    assert f'value="{first.id}"' in client.get("/cards").text
    page = client.post("/cards", data={"card": first.id, "rating": "easy"})
    assert f'value="{second.id}"' in page.text
    ((card, rating, at),) = log_of(site_course).reviews()
    assert (first.id, "easy") == (card, rating)
    due = schedule.review(None, "easy", at).due
    assert abs((log_of(site_course).schedule()[first.id].due - due).total_seconds()) < 1
    part = client.post("/cards", data={"card": second.id, "rating": "again"}, headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "Comes again in" in part.text


def test_a_test_from_the_first_item_to_the_score(client: TestClient, site_course: Path) -> None:
    """Right answers count, one given again does not, and the result names the slip behind a wrong one."""
    page = client.post("/test", data={"count": "4", "level": "junior"})
    number = int(str(page.url).rpartition("/")[2])
    sitting = log_of(site_course).sitting(number)
    assert sitting is not None
    assert "Item 1 of 4" in page.text
    items = sitting.exam.items
    wrong = (items[0].answer + 1) % 4
    client.post(f"/test/{number}", data={"act": "answer", "place": "0", "choice": str(wrong)})
    client.post(f"/test/{number}", data={"act": "answer", "place": "0", "choice": str(items[0].answer)})
    client.post(f"/test/{number}", data={"act": "skip", "place": "1"})
    client.post(f"/test/{number}", data={"act": "answer", "place": "2", "choice": str(items[2].answer)})
    assert "Item 4 of 4" in client.get(f"/test/{number}").text
    result = client.post(f"/test/{number}", data={"act": "answer", "place": "3", "choice": str(items[3].answer)})
    assert "2 of 4 right" in result.text
    assert "not answered" in result.text
    assert [(2.0, 4)] == [(right, asked) for _, right, asked in log_of(site_course).exam_history()]
    assert "50%" in client.get("/history").text


def test_late_answers_do_not_count(client: TestClient, site_course: Path) -> None:
    """Once the time is up there is a result, whatever is sent."""
    number = int(str(client.post("/test", data={"count": "1"}).url).rpartition("/")[2])
    sitting = log_of(site_course).sitting(number)
    assert sitting is not None
    import sqlite3

    with sqlite3.connect(study_file(site_course)) as db:
        db.execute("UPDATE exams SET at = ?", (datetime(2020, 1, 1, tzinfo=UTC).isoformat(),))
    db.close()
    right = str(sitting.exam.items[0].answer)
    late = client.post(f"/test/{number}", data={"act": "answer", "place": "0", "choice": right})
    assert "0 of 1 right" in late.text


def test_an_interview_to_its_scorecard(client: TestClient, site_course: Path) -> None:
    """Every kind of step is answered; the follow-up depends on the ticks; the scorecard ends it."""
    client.post("/interview", data={"level": "mid", "minutes": "45"})
    seen = set()
    for _ in range(40):
        found = log_of(site_course).unfinished_interview()
        if found is None:
            break
        step = interviews.upcoming(found[1])
        assert step is not None
        said = {"said": str(len(found[1].said))}
        seen.add("follow-up" if step.follow_up else step.stage)
        if step.item is not None:
            client.post("/interview/answer", data={**said, "act": "answer", "choice": str(step.item.answer)})
        elif not step.key_points:
            client.post("/interview/answer", data={**said, "act": "answer", "passed": "yes"})
        else:
            page = client.post("/interview/answer", data={**said, "act": "answer", "answer": step.key_points[0]})
            assert 'value="0" checked' in page.text
            every = [str(place) for place in range(len(step.key_points))]
            client.post("/interview/answer", data={**said, "act": "score", "answer": "so", "point": every})
            client.post("/interview/answer", data={**said, "act": "score", "answer": "twice", "point": []})
    assert {"warm-up", "depth", "whiteboard", "review", "coding", "follow-up"} == seen
    ((_, talk),) = log_of(site_course).interview_history()
    assert interviews.scorecard(talk).share == 1.0
    assert "Scorecard of" in client.get("/interview").text


@pytest.mark.slow
def test_a_topic_shows_how_the_own_file_does(client: TestClient, site_course: Path) -> None:
    """A stub is not begun; a changed file asks for its check, which the engine runs; a broken one is told as such."""
    slug = "conv_arithmetic"
    file = site_course / "exercises" / slug / f"{slug}.py"
    assert "Not begun" in client.get(f"/topics/{slug}/checks").text
    shutil.copy(ROOT / "solutions" / slug / f"{slug}.py", file)
    assert 'hx-trigger="load"' in client.get(f"/topics/{slug}/checks").text
    part = client.post(f"/topics/{slug}/checks", headers={"hx-request": "true"})
    assert re.search(r"(\d+) of \1 public checks pass", part.text)
    assert 'hx-trigger="load"' not in part.text
    file.write_text("def (", encoding="utf-8")
    assert "can&#39;t be run" in client.post(f"/topics/{slug}/checks").text.replace("can't", "can&#39;t")


@pytest.mark.parametrize("review", REVIEWS, ids=lambda review: review.slug)
def test_a_review_is_scored_by_its_key(client: TestClient, site_course: Path, review: Topic) -> None:
    """All bugs marked earn everything, nothing marked earns nothing, and only the first score is remembered."""
    bugs = read_key(review).bugs
    assert client.get(f"/topics/{review.slug}").url.path == f"/reviews/{review.slug}"
    right = {f"line-{bug.lines[0]}": bug.kinds[0] for bug in bugs}
    page = client.post(f"/reviews/{review.slug}", data=right)
    assert f"{2 * len(bugs)} of {2 * len(bugs)} points" in page.text
    for bug in bugs:
        assert bug.title in page.text.replace("&#39;", "'").replace("&#34;", '"').replace("&lt;", "<").replace(
            "&gt;", ">"
        )
    assert f"0 of {2 * len(bugs)} points" in client.post(f"/reviews/{review.slug}").text
    assert {1.0} == {score for _, score in log_of(site_course).code_reviews()}


@pytest.mark.slow
def test_a_mended_review_is_saved_and_checked(client: TestClient, site_course: Path) -> None:
    """As it was typed; a page made before the file changed saves nothing."""
    slug = "review_training_loop"
    file = site_course / "exercises" / slug / f"{slug}.py"
    digest = re.findall(r'name="digest" value="(\w+)"', client.get(f"/reviews/{slug}").text)[0]
    mended = (ROOT / "solutions" / slug / f"{slug}.py").read_text(encoding="utf-8")
    page = client.post(f"/reviews/{slug}/code", data={"digest": digest, "code": mended.replace("\n", "\r\n")})
    assert mended == file.read_text(encoding="utf-8")
    assert re.search(r"(\d+) of \1 public checks pass", page.text)
    late = client.post(f"/reviews/{slug}/code", data={"digest": digest, "code": "lost?"})
    assert late.status_code == 409
    assert mended == file.read_text(encoding="utf-8")


def test_a_notebook_can_be_saved(client: TestClient) -> None:
    """As it lies in the course."""
    answer = client.get("/topics/convolution/notebook")
    assert answer.content == (ROOT / "exercises" / "convolution" / "convolution.ipynb").read_bytes()
    assert "attachment" in answer.headers["content-disposition"]


def test_a_damaged_log_is_a_sentence(client: TestClient, site_course: Path) -> None:
    """That says what to do; pages that don't need it are there."""
    study_file(site_course).parent.mkdir(exist_ok=True)
    study_file(site_course).write_bytes(b"no database " * 100)
    page = client.get("/cards")
    assert page.status_code == 409
    assert "move it away" in page.text
    assert client.get("/explorer").status_code == 200


def test_the_verb_serves_and_ends(site_course: Path) -> None:
    """It says where it is, answers there, and ends at Ctrl-C; a second one on the same port says what to do."""
    command = [sys.executable, "-m", "course.cli.main", "study", "--no-browser", "--port"]
    serving = subprocess.Popen(
        [*command, "0"], cwd=site_course, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        import urllib.request

        with urllib.request.urlopen(address, timeout=60) as page:
            assert "Your path" in page.read().decode()
        port = address.rstrip("/").rpartition(":")[2]
        second = subprocess.run(
            [*command, port], cwd=site_course, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert "try `course study --port 0`" in second.stderr
        serving.send_signal(signal.SIGINT)
        _, told = serving.communicate(timeout=60)
        assert "Traceback" not in told
    finally:
        serving.kill()
        serving.wait()


def test_without_the_extra_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch, site_course: Path) -> None:
    """That names what to install."""
    from click.testing import CliRunner

    from course.cli.main import cli

    monkeypatch.chdir(site_course)
    for name in [name for name in sys.modules if name.startswith(("course.site", "starlette", "uvicorn"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(StudyError, match=r"needs uvicorn: run `pip install -e '\.\[study\]'`"):
        CliRunner().invoke(cli, ["study", "--no-browser"], standalone_mode=False, catch_exceptions=False)
