"""``course review`` end to end, and the scoring of findings."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content import TAGS
from course.reviews.released import PREFIX, parse_finding
from course.reviews.scoring import Finding, score
from course.reviews.tags import REVIEW_TAGS
from course.study.log import StudyLog, study_file
from grader.core.review import KEY, KINDS, Key, KeyBug, KeyInnocent, Review
from grader.core.topic import find_topics
from grader.release.twin import write_twin
from grader.tests.classroom import ROOT, Command

REVIEWS = find_topics(ROOT / "solutions", kind="review")
LOOP = next(topic for topic in REVIEWS if topic.slug == "review_training_loop")

TOY = Key(
    "".join(f"line {number}\n" for number in range(1, 13)),
    (
        KeyBug("a", (2, 3), ("gradient", "state"), "A", "Because."),
        KeyBug("b", (7,), ("mode",), "B", "Because."),
    ),
    (KeyInnocent(5, "It is fine."),),
)

findings = st.lists(st.builds(Finding, st.integers(1, 12), st.sampled_from(sorted(KINDS))), max_size=12)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """What a student has of one review."""
    write_twin(LOOP, tmp_path / "exercises")
    return tmp_path


# ------------------------------------------------------------------------------------------------ scoring


@pytest.mark.parametrize(
    ("marks", "points"),
    [
        ([], 0),
        ([(2, "gradient"), (7, "mode")], 4),
        ([(3, "state"), (7, "mode")], 4),
        ([(2, "gradient"), (3, "gradient"), (7, "mode")], 4),
        ([(2, "shape"), (7, "mode")], 3),
        ([(2, "gradient"), (3, "shape"), (7, "mode")], 3),
        ([(2, "gradient"), (7, "mode"), (5, "mode"), (9, "mode")], 2),
        ([(2, "gradient"), (4, "mode"), (5, "mode"), (9, "mode")], 0),
        ([(1, "gradient")], 0),
    ],
)
def test_a_finding_earns_by_line_and_kind(marks: list[tuple[int, str]], points: int) -> None:
    """One for the line, one for the kind, one off for a false alarm, and never below 0."""
    result = score(TOY, [Finding(*mark) for mark in marks])
    assert (result.points, result.max_points) == (points, 4)


@given(findings)
def test_order_and_repetition_do_not_matter(given: list[Finding]) -> None:
    """A score depends on what was found, not on when."""
    assert score(TOY, given) == score(TOY, list(reversed(given)) + given)


@given(findings)
def test_a_score_is_within_its_bounds(given: list[Finding]) -> None:
    """Full points only for exactly the bugs, each by its kind."""
    result = score(TOY, given)
    assert 0 <= result.points <= result.max_points
    if result.points == result.max_points:
        assert not result.alarms
        assert all(met.named for met in result.met)


@given(findings, st.integers(1, 12))
def test_a_false_alarm_never_pays(given: list[Finding], line: int) -> None:
    """One more mark where nothing is wrong does not raise a score."""
    if line in (2, 3, 7):
        return
    assert score(TOY, [*given, Finding(line, "shape")]).points <= score(TOY, given).points


def test_marking_everything_earns_nothing() -> None:
    """Each line with each kind."""
    everything = [Finding(line, kind) for line in range(1, 13) for kind in KINDS]
    assert score(TOY, everything).points == 0


def test_an_innocent_line_is_explained() -> None:
    """A false alarm on it says why it is fine."""
    result = score(TOY, [Finding(5, "mode"), Finding(6, "mode")])
    assert [alarm.innocent for alarm in result.alarms] == [KeyInnocent(5, "It is fine."), None]


@pytest.mark.parametrize("topic", REVIEWS, ids=lambda topic: topic.slug)
def test_the_key_scores_itself(topic: object) -> None:
    """In each review, marking each bug by its line and first kind earns everything."""
    key = Review(topic).key()  # type: ignore[arg-type]
    result = score(key, [Finding(bug.lines[-1], bug.kinds[0]) for bug in key.bugs])
    assert result.points == result.max_points == 2 * len(key.bugs)


# ------------------------------------------------------------------------------------------------ findings in words


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("2:gradient", (2, "gradient")),
        (" 12 : MODE\n", (12, "mode")),
        ("3:grad", (3, "gradient")),
        ("03:sta", (3, "state")),
    ],
)
def test_a_finding_is_read(text: str, finding: tuple[int, str]) -> None:
    """With spaces, in any case, cut short."""
    assert parse_finding(text, TOY) == Finding(*finding)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no finding"),
        ("7", "'7' is no finding: write the line and the kind, such as 12:gradient"),
        ("mode:7", "is no finding"),
        ("-1:mode", "is no finding"),
        ("²:mode", "is no finding"),
        ("0:mode", "there is no line 0: the file has lines 1 to 12"),
        ("13:mode", "there is no line 13"),
        ("9" * 5000 + ":mode", "there is no line 9999999999"),
        ("2:bug", "kind 'bug' is none: the kinds are gradient, mode"),
        ("2:s", "kind 's' may mean state or shape or schedule"),
    ],
)
def test_a_slip_is_told(text: str, says: str) -> None:
    """In a sentence that says what to do."""
    with pytest.raises(ValueError) as error:
        parse_finding(text, TOY)
    assert says in str(error.value)


@given(st.text(max_size=30))
def test_any_text_is_a_finding_or_a_sentence(text: str) -> None:
    """Never another exception."""
    try:
        finding = parse_finding(text, TOY)
    except ValueError:
        return
    assert 1 <= finding.line <= 12
    assert finding.kind in KINDS


# ------------------------------------------------------------------------------------------------ the command


def test_reviews_are_listed(desk: Path, course: Command) -> None:
    """Without a name."""
    ran = course(desk, "review")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("training_loop ")
    assert "Review: a training loop" in ran.out


def test_a_review_by_keyboard(desk: Path, course: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code with line numbers, findings asked for, a slip told and asked again, the score and every explanation."""
    key = Review(LOOP).key()
    first, second, _ = key.bugs
    typed = f"{first.lines[0]}:gradient\nnonsense\n{second.lines[0]}:shape\n{key.innocent[0].line}:metric\n\n9:mode\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    ran = course(desk, "review", "training_loop")
    assert (ran.code, ran.err) == (0, "")
    assert f"{first.lines[0]:3} │ {key.code.splitlines()[first.lines[0] - 1]}" in ran.out
    assert "'nonsense' is no finding" in ran.out
    assert "Findings: 2 of 6 points" in ran.out
    assert f"✓ found: {first.title}" in ran.out
    assert f"~ line found, kind not: {second.title}" in ran.out
    assert "✗ missed: From the second epoch on" in ran.out
    assert f"false alarm: line {key.innocent[0].line} (metric)" in ran.out
    assert key.innocent[0].why in ran.out
    assert "course review training_loop --check" in ran.out


def test_the_answers_are_not_shown_before_the_findings(
    desk: Path, course: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the key stands above the questions, and the end of a pipe ends them."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    before, after = course(desk, "review", "review_training_loop").out.split("Findings: 0 of 6 points")
    for bug in Review(LOOP).key().bugs:
        assert bug.title not in before
        assert bug.why not in before
        assert bug.title in after


def test_line_numbers_are_those_of_the_released_file(desk: Path, course: Command) -> None:
    """Also after the student has begun to mend it."""
    (desk / "exercises" / LOOP.slug / f"{LOOP.slug}.py").write_text("# begun anew\n")
    first = Review(LOOP).key().bugs[0]
    ran = course(desk, "review", "training_loop", "--mark", f"{first.lines[-1]}:gradient")
    assert "Findings: 2 of 6 points" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing"], "there is no review 'nothing'; the reviews are: training_loop"),
        (["training_loop", "--mark", "1000:mode"], "there is no line 1000"),
        (["--mark", "1:mode"], "--mark and --check need a NAME"),
        (["training_loop", "--check", "no.py"], "there is no no.py"),
    ],
)
def test_what_cannot_be_reviewed(desk: Path, course: Command, arguments: list[str], says: str) -> None:
    """One sentence, exit code 2."""
    ran = course(desk, "review", *arguments)
    assert ran.code == 2
    assert says in ran.err


@pytest.mark.parametrize("content", [None, b"", b"\x00\xff", b"bm8ga2V5"])
def test_a_damaged_key(desk: Path, course: Command, content: bytes | None) -> None:
    """A missing or damaged key is one sentence that says where to get it."""
    file = desk / "exercises" / LOOP.slug / KEY
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    ran = course(desk, "review", "training_loop")
    assert ran.code == 2
    assert "take it from the course you were given" in ran.err


def test_the_first_score_is_remembered(desk: Path, course: Command) -> None:
    """For the tags of the review, once: after the explanations a second score says nothing."""
    first = Review(LOOP).key().bugs[0]
    assert "only the first score" not in course(desk, "review", "training_loop", "--mark", "1:mode").out
    ran = course(desk, "review", "training_loop", "--mark", f"{first.lines[-1]}:gradient")
    assert "only the first score of a review counts" in ran.out
    assert StudyLog(study_file(desk)).code_reviews() == [("training", 0.0)]


def test_every_review_has_tags_of_the_study_material() -> None:
    """So that each one shows in what a student knows."""
    assert {topic.slug.removeprefix(PREFIX) for topic in REVIEWS} == set(REVIEW_TAGS)
    assert {tag for tags in REVIEW_TAGS.values() for tag in tags} <= set(TAGS)


def test_an_interview_may_hold_a_review(desk: Path, course: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour has room for one, and says how to begin it."""
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    course(desk, "interview", "--minutes", "60", "--seed", "1")
    unfinished = StudyLog(study_file(desk)).unfinished_interview()
    assert unfinished is not None
    held = [step for step in unfinished[1].plan if step.stage == "review"]
    assert [(step.name, step.tags) for step in held] == [("training_loop", ("training",))]
    assert "`course review training_loop`" in held[0].prompt


@pytest.mark.slow
def test_mended_code_is_checked(desk: Path, course: Command) -> None:
    """The released code fails the public part, the mended one passes it, in its place or elsewhere."""
    own = desk / "exercises" / LOOP.slug / f"{LOOP.slug}.py"
    assert course(desk, "review", "training_loop", "--check").code == 1
    mended = desk / "mended.py"
    mended.write_bytes(LOOP.reference.read_bytes())
    assert course(desk, "review", "training_loop", "--check", mended).code == 0
    own.write_bytes(LOOP.reference.read_bytes())
    ran = course(desk, "review", "training_loop", "--check")
    assert (ran.code, ran.err) == (0, "")
