"""Topics of kind ``review``: what is derived from planted bugs, what an author may get wrong, and the audit."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.answer import known_answers
from grader.core.errors import CourseError
from grader.core.review import KEY, KINDS, LARGEST_KEY, Key, Review, pack_key, unpack_key
from grader.core.topic import Topic, find_topics, read_topic
from grader.release.bundle import write_bundle
from grader.release.stub import released_source
from grader.release.twin import derive, stale, write_twin
from grader.tests.classroom import ROOT, Command, quick_level
from grader.tests.review_of_sums import FILLER, HIDDEN, MENDED, PUBLIC, REVIEW, TOPIC
from grader.tests.small_course import BUNDLED


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one review and what a bundle needs."""
    files = {
        **BUNDLED,
        "solutions/review_sums/topic.toml": TOPIC,
        "solutions/review_sums/README.md": "# Review: sums\n\nTwo bugs.\n",
        "solutions/review_sums/review_sums.py": MENDED,
        "solutions/review_sums/review.toml": REVIEW,
        "solutions/review_sums/tests/test_public.py": PUBLIC,
        "solutions/review_sums/tests/test_hidden.py": HIDDEN,
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def sums(course: Path) -> Topic:
    """The review."""
    return read_topic(course / "solutions" / "review_sums")


def changed(course: Path, old: str, new: str, name: str = "review.toml") -> Topic:
    """The review with one piece of a file replaced."""
    file = course / "solutions" / "review_sums" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_topic(file.parent)


# ------------------------------------------------------------------------------------------------ what is derived


def test_every_bug_is_planted(sums: Topic) -> None:
    """The released file is the reference with each bug's lines in place of the mended ones."""
    expected = MENDED.replace("    found = 0.0\n", "    # the beginning\n    found = 1.0\n")
    expected = expected.replace("(list(numbers))\n", "(list(numbers)) + 1\n")
    assert released_source(sums) == expected


def test_known_answers_are_one_bug_each(sums: Topic) -> None:
    """The reference with that bug alone, and the other right mend."""
    first, second, right = known_answers(sums)
    assert first.text == MENDED.replace("    found = 0.0\n", "    # the beginning\n    found = 1.0\n")
    assert second.text == MENDED.replace("(list(numbers))\n", "(list(numbers)) + 1\n")
    assert right.text == MENDED.replace("found = 0.0", "found = math.fsum([])")
    assert (first.header.mistake, first.header.right) == ("starts-at-one", False)
    assert first.header.points == {"total": 0, "mean": 0}
    assert right.header.right
    assert right.header.points == {"total": 10, "mean": 10}


def test_the_key_names_lines_of_the_released_file(sums: Topic) -> None:
    """Also behind a bug that has more lines than its mend; no mended line is in it."""
    key = unpack_key(derive(sums)[KEY], "here")
    lines = key.code.splitlines()
    assert key.code == released_source(sums)
    assert [lines[number - 1].strip() for number in key.bugs[0].lines] == [
        *("# the beginning", "found = 1.0", "for number in numbers:"),
    ]
    assert [lines[number - 1].strip() for number in key.bugs[1].lines] == ["count = len(list(numbers)) + 1"]
    assert [lines[each.line - 1].strip() for each in key.innocent] == [
        *("return found * 1.0", "return total(numbers) / count + 0"),
    ]
    assert b"found = 0.0" not in zlib.decompress(base64.b64decode(derive(sums)[KEY]))


def test_the_twin_of_a_review(sums: Topic, course: Path) -> None:
    """The planted code, the key, no notebook and nothing of review.toml."""
    files = derive(sums)
    assert set(files) == {"README.md", "review_sums.py", "test_public.py", "topic.toml", KEY} | {
        name for name in files if name.startswith(".")
    }
    write_twin(sums, course / "exercises")
    assert stale(sums, course / "exercises") == []
    (course / "exercises" / "review_sums" / KEY).write_bytes(b"")
    assert len(stale(sums, course / "exercises")) == 1


def test_a_bundle_has_the_review_and_refuses_its_mend(sums: Topic, course: Path) -> None:
    """A function that was mended is a secret; one without a bug is not."""
    assert "exercises/review_sums/.key" in write_bundle(course, course / "bundle", [sums])
    (course / "course" / "help.py").write_text(MENDED[MENDED.index("def total") : MENDED.index("def mean")])
    with pytest.raises(CourseError, match=r"course/help\.py would give away solutions/review_sums: review_sums\.py"):
        write_bundle(course, course / "other", [sums])


def test_reviews_are_no_exercises(course: Path, sums: Topic) -> None:
    """Whoever lists exercises meets no review, unless asked for."""
    assert find_topics(course / "solutions") == []
    assert find_topics(course / "solutions", kind="review") == [sums]
    assert find_topics(course / "solutions", kind=None) == [sums]


# ------------------------------------------------------------------------------------------------ an author's slips


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[bugs]]", "[[bug]]", "unknown key 'bug'; did you mean 'bugs'?"),
        ('why = "An', 'wy = "An', "bugs 1: unknown key 'wy'; did you mean 'why'?"),
        ('"numerics", "state"', '"numeric"', "starts-at-one is of no kind 'numeric'; the kinds are gradient"),
        ('["numerics", "state"]', "[]", "starts-at-one needs at least one of kinds"),
        ('"one-too-many"', '"starts-at-one"', "each with an id of its own"),
        ("    found = 0.0\n", "    found = 0\n", "the mended lines of starts-at-one must be in the reference once"),
        ("    found = 0.0\n", "ound = 0.0\n", "the mended lines of starts-at-one must be in the reference once"),
        ("    found = 0.0\n'''", "    found = 0.0'''", "starts-at-one: mended, planted and otherwise are whole lines"),
        ("    # the beginning\n    found = 1.0\n", "", "starts-at-one: mended, planted and otherwise are whole lines"),
        ("{total = 0, mean = 0}", "{total = 0}", "points of starts-at-one must name each task once: total, mean"),
        ("{total = 0, mean = 0}", "{total = 10, mean = 10}", "starts-at-one must cost points somewhere"),
        ('"for number in numbers:"', '"for x in y:"', "'for x in y:' is 0 lines of the released file, not one"),
        ('line = "return found * 1.0"', 'line = "found = 1.0"', "'found = 1.0' can belong to one bug or innocent only"),
        ("found = 1.0\n", "found = (1.0\n", "the planted review_sums.py, line"),
        ("[[bugs]]", "[[bugs", "is no valid TOML"),
    ],
)
def test_every_slip_has_a_sentence(course: Path, old: str, new: str, says: str) -> None:
    """It names the file and what is wrong with it."""
    topic = changed(course, old, new)
    with pytest.raises(CourseError) as error:
        derive(topic)
    assert says in str(error.value)
    assert "review" in str(error.value)


def test_overlapping_bugs_are_refused(course: Path) -> None:
    """Two bugs can't mend the same line."""
    topic = changed(course, "    count = len(list(numbers))\n'''", "    found = 0.0\n    for number in numbers:\n'''")
    with pytest.raises(CourseError, match="the mended lines of .* and .* overlap"):
        Review(topic)


def test_a_review_without_its_file(course: Path) -> None:
    """One sentence."""
    (course / "solutions" / "review_sums" / "review.toml").unlink()
    with pytest.raises(CourseError, match=r"review\.toml is missing"):
        derive(read_topic(course / "solutions" / "review_sums"))


# ------------------------------------------------------------------------------------------------ the key


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda raw: base64.b64encode(zlib.compress(raw))))
)
def test_any_bytes_are_a_key_or_a_course_error(data: bytes) -> None:
    """A student's file may hold anything."""
    try:
        key = unpack_key(data, "exercises/x/.key")
    except CourseError as error:
        assert str(error) == "exercises/x/.key is damaged: take it from the course you were given"
    else:
        assert isinstance(key, Key)


def test_a_key_that_unpacks_to_too_much() -> None:
    """A small file that grows is cut off, and so is no key."""
    bomb = base64.b64encode(zlib.compress(b'{"code":"' + b"a" * (4 * LARGEST_KEY) + b'","bugs":[],"innocent":[]}'))
    with pytest.raises(CourseError, match="is damaged"):
        unpack_key(bomb, "x")


def test_a_key_comes_back_as_it_was(sums: Topic) -> None:
    """And is packed into the same bytes each time."""
    key = Review(sums).key()
    assert unpack_key(pack_key(key), "") == key
    assert pack_key(key) == pack_key(Review(sums).key())


def test_kinds_are_unlike_in_their_first_letters() -> None:
    """So that two or three letters are enough to name one."""
    assert len({kind[:3] for kind in KINDS}) == len(KINDS)


# ------------------------------------------------------------------------------------------------ audit


def test_audit_tries_what_is_planted(course: Path, sums: Topic, grader: Command) -> None:
    """Each bug alone, all together, the mend and the other mend; and mutants of the mend."""
    write_twin(sums, course / "exercises")
    ran = grader(course, "audit", "--sandbox", quick_level(), "--verbose", "--mutants")
    for claim in (
        "✓ 1 to 3 bugs are planted",
        "✓ some lines only look odd",
        "✓ 40 to 100 lines are to be read",
        "✓ the reference earns 20 of 20",
        "✓ the released code earns 0 of 20",
        "✓ the code with one-too-many left in earns 10 of 20",
        "✓ the code mended in another way earns 20 of 20",
    ):
        assert claim in ran.out
    assert "mutants: 12 killed, 1 survived" in ran.out
    assert "survived: mean, line 15" in ran.out


def test_audit_finds_a_bug_that_costs_nothing(course: Path, grader: Command) -> None:
    """A planted change that no check sees, a stray file, and too little to read."""
    changed(course, "count = len(list(numbers)) + 1", "count = len([*numbers])")
    changed(course, FILLER, "", "review_sums.py")
    (course / "solutions" / "review_sums" / "notes.txt").write_text("")
    write_twin(read_topic(course / "solutions" / "review_sums"), course / "exercises")
    ran = grader(course, "audit", "--sandbox", quick_level())
    assert ran.code == 1
    assert "✗ the code with one-too-many left in earns 10 of 20" in ran.out
    assert "✗ 40 to 100 lines are to be read" in ran.out
    assert "✗ nothing is stray" in ran.out


# ------------------------------------------------------------------------------------------------ the course's own


REVIEWS = find_topics(ROOT / "solutions", kind="review")


def test_there_are_fifteen_reviews() -> None:
    """In places of their own, apart from the course's thousand points."""
    assert len(REVIEWS) == 15
    assert [topic.config.order for topic in REVIEWS] == list(range(101, 116))
    assert all(topic.slug.startswith("review_") for topic in REVIEWS)
    assert sum(topic.points for topic in find_topics(ROOT / "solutions")) == 1000


def test_the_reviews_name_every_kind() -> None:
    """No kind is only there to mislead."""
    assert {kind for topic in REVIEWS for bug in Review(topic).file.bugs for kind in bug.kinds} == set(KINDS)


@pytest.mark.parametrize("topic", REVIEWS, ids=lambda topic: topic.slug)
def test_each_review_can_be_read_and_says_how_many(topic: Topic) -> None:
    """The brief gives the number of bugs, every bug differs from its mend, and explanations are sentences."""
    review = Review(topic)
    words = {1: "One bug", 2: "Two bugs", 3: "Three bugs"}
    assert words[len(review.file.bugs)].lower() in " ".join((topic.path / "README.md").read_text().lower().split())
    for bug in review.file.bugs:
        assert bug.planted not in (bug.mended, bug.otherwise)
        assert bug.why.endswith(".")
    assert all(each.why.endswith(".") for each in review.file.innocent)
    assert max(len(line) for line in review.key().code.splitlines()) <= 120
