"""The study site and what it refuses: strangers, other paths, too much, and any request at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from course.content import cards
from course.figures.reference import ROOT
from course.site.app import create_app
from course.tests.site_address import HOME, log_of


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"host": "evil.example"}, 421),
        ("GET", {"host": "127.0.0.1.evil.example:8765"}, 421),
        ("GET", {"host": "192.168.0.2:8765"}, 421),
        ("GET", {"host": ""}, 421),
        ("GET", {"host": "localhost:8765", "origin": "http://localhost:8765"}, 200),
        ("GET", {"host": "[::1]:8765", "origin": "http://[::1]:8765"}, 200),
        ("GET", {"origin": "http://evil.example"}, 403),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
        ("POST", {"origin": "http://evil.example"}, 403),
        ("POST", {"origin": "http://127.0.0.1:9999"}, 403),
        ("POST", {"origin": "null"}, 403),
        ("POST", {"origin": "https://127.0.0.1:8765"}, 403),
    ],
)
def test_strangers_are_refused(site_course: Path, method: str, headers: dict[str, str], status: int) -> None:
    """By another name, from another origin, or as a part of another page; a link may open a page."""
    client = TestClient(create_app(site_course), base_url=HOME)
    card = {"card": cards()[0].id, "rating": "good"}
    answer = client.request(method, "/cards", headers=headers, data=card if method == "POST" else None)
    assert status == answer.status_code
    assert {} == log_of(site_course).schedule()


def test_a_change_needs_an_origin(site_course: Path) -> None:
    """A form that hides where it comes from changes nothing."""
    client = TestClient(create_app(site_course), base_url=HOME)
    assert client.post("/cards", data={"card": cards()[0].id, "rating": "good"}).status_code == 403
    assert {} == log_of(site_course).schedule()


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e%2fapp.py",
        "/static/..%2f..%2f..%2fpyproject.toml",
        "/figures/..%2f..%2fconvolution/..%2fREADME.svg",
        "/figures/convolution/%2fetc%2fpasswd.svg",
        "/topics/..%2f..%2fsolutions",
        "/topics/%2e%2e",
        "/topics/convolution/../../notebook",
        "/topics/%00/notebook",
        "/questions/-1",
        "/questions/٣",
        "/questions/1e9",
        "/questions/99999999999999999999999",
        "/test/99999999999999999999999",
        "/test/0",
    ],
)
def test_no_path_reaches_the_file_system(client: TestClient, path: str) -> None:
    """What is not in the site's tables is not found, however it is written."""
    assert client.get(path).status_code == 404


def test_what_is_typed_is_text(client: TestClient) -> None:
    """An answer with markup comes back as written, not as markup."""
    page = client.post("/questions/1", data={"answer": "<script>alert(1)</script>\"'{{ 7*7 }}"})
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "{{ 7*7 }}" in page.text


def test_too_much_is_refused(client: TestClient) -> None:
    """A form of a megabyte, and one of a thousand fields."""
    assert client.post("/questions/1", data={"answer": "x" * 1_000_000}).status_code == 413
    assert client.post("/questions/1", data={f"f{n}": "" for n in range(1000)}).status_code == 413


@pytest.fixture(scope="module")
def tireless(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A site that many requests are made of, one after another."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "exercises", root / "exercises", ignore=shutil.ignore_patterns("*.ipynb"))
    client = TestClient(create_app(root), base_url=HOME, headers={"origin": HOME}, raise_server_exceptions=False)
    client.post("/test", data={"count": "3"})
    client.post("/interview", data={"level": "mid", "minutes": "45"})
    return client


TEXT = st.text(max_size=40) | st.sampled_from(["0", "1", "-1", "9" * 30, "good", "answer", "score", "hand in", "\x00"])


WORDS = [
    "line-3",
    "code",
    "digest",
    "card",
    "rating",
    "count",
    "level",
    "tag",
    "act",
    "place",
    "choice",
    "minutes",
    "said",
    "answer",
    "point",
]


PARTS = [
    "reviews",
    "review_ema",
    "code",
    "checks",
    "notebook",
    "questions",
    "cards",
    "test",
    "interview",
    "answer",
    "topics",
    "convolution",
    "static",
    "figures",
    "1",
    "2",
]


@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"]),
    parts=st.lists(st.sampled_from(PARTS) | TEXT, max_size=4),
    query=st.dictionaries(TEXT, TEXT, max_size=3),
    form=st.dictionaries(st.sampled_from([*WORDS, "passed"]) | TEXT, TEXT | st.lists(TEXT, max_size=3), max_size=6),
)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_site(
    tireless: TestClient, method: str, parts: list[str], query: dict[str, str], form: dict[str, str | list[str]]
) -> None:
    """Whatever the path, the query and the form: an answer, and never a 500."""
    from urllib.parse import quote, urlencode

    path = "/" + "/".join(quote(part, safe="") for part in parts)
    body = urlencode(form, doseq=True).encode()
    # Absolute: a client reads `//reviews` alone as a host.
    answer = tireless.request(
        method, f"{HOME}{path}?{urlencode(query)}", content=body if method == "POST" else None, follow_redirects=False
    )
    assert answer.status_code < 500


@given(
    path=st.sampled_from(["/cards", "/test", "/test/1", "/interview", "/interview/answer", "/questions/3"]),
    body=st.binary(max_size=300),
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_body_breaks_the_site(tireless: TestClient, path: str, body: bytes) -> None:
    """A form may be any bytes."""
    assert tireless.post(path, content=body, follow_redirects=False).status_code < 500
