"""The study logic: schedules, tests, mastery and interviews."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsrs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.content import LEVELS, TAGS, TOPIC_TAGS, Level, cards, question_numbered, questions
from course.study import exam, interview, mastery, overview, schedule, suggest
from course.study.errors import MissingExtra, StudyError
from course.study.exam import Answer
from course.study.log import StudyLog
from course.study.schedule import RATINGS, Rating, Scheduled

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


REVIEWS = [interview.CodeReview("loop", "A training loop", ("training",))]


ratings = st.sampled_from(RATINGS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ratings, st.integers(0, 60 * 24 * 40)), min_size=1, max_size=12))
def test_schedules_equal_the_librarys(history: list[tuple[Rating, int]]) -> None:
    """Whatever the ratings and the minutes between them: due date, stability and difficulty."""
    library, theirs = fsrs.Scheduler(enable_fuzzing=False), fsrs.Card(card_id=0, due=NOW)
    ours: Scheduled | None = None
    at = NOW
    for rating, minutes in history:
        at += timedelta(minutes=minutes)
        theirs, _ = library.review_card(theirs, fsrs.Rating(RATINGS.index(rating) + 1), at)
        ours = schedule.review(ours, rating, at)
        assert (theirs.due, theirs.to_json()) == (ours.due, ours.state)
    assert ours is not None
    assert library.get_card_retrievability(theirs, at + timedelta(days=3)) == schedule.recall_chance(
        ours, at + timedelta(days=3)
    )


def test_a_better_rating_never_comes_sooner() -> None:
    """Again, hard, good, easy: in this order."""
    due = [schedule.review(None, rating, NOW).due for rating in RATINGS]
    assert sorted(due) == due
    assert due[0] < due[-1]


def test_the_queue_shows_what_is_due_then_what_is_new() -> None:
    """The longest overdue first; a card due later is left out."""
    three = cards()[:3]
    known = {
        three[0].id: Scheduled(NOW - timedelta(hours=1), "{}"),
        three[1].id: Scheduled(NOW - timedelta(days=1), "{}"),
        three[2].id: Scheduled(NOW + timedelta(minutes=1), "{}"),
    }
    waiting = schedule.queue(cards(), known, NOW, 2)
    assert [three[1], three[0], *cards()[3:5]] == waiting
    assert [three[1], three[0]] == schedule.queue(cards(), known, NOW, 0)


def test_a_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the extra that brings it."""
    schedule._scheduler.cache_clear()
    monkeypatch.setitem(sys.modules, "fsrs", None)
    with pytest.raises(MissingExtra, match=r"fsrs: run .*\[study\]"):
        schedule.review(None, "good", NOW)


@pytest.mark.parametrize("count", [1, 10, 20, 45])
def test_a_test_mixes_kinds_and_levels(count: int) -> None:
    """No kind twice before all have come; easy ones first; the time follows from the levels."""
    drawn = exam.draw(3, count)
    kinds = [item.kind for item in drawn.items]
    assert count == len(kinds)
    assert max(kinds.count(kind) for kind in kinds) == -(-count // 20)
    levels = [LEVELS.index(item.level) for item in drawn.items]
    assert sorted(levels) == levels
    assert sum(exam.SECONDS[item.level] for item in drawn.items) == drawn.seconds
    assert exam.draw(3, count) == drawn
    assert exam.draw(4, count) != drawn


def test_a_test_keeps_to_levels_and_tags() -> None:
    """And says what there is where nothing fits."""
    assert {"pooling"} == {item.tag for item in exam.draw(1, 6, tags=["pooling"]).items}
    assert {"senior"} == {item.level for item in exam.draw(1, 6, levels=["senior"]).items}
    with pytest.raises(StudyError, match=r"there are: .*evaluation"):
        exam.draw(1, 3, levels=["senior"], tags=["conv"])
    with pytest.raises(StudyError, match="1 or more"):
        exam.draw(1, 0)


@given(st.integers(0, 30), st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=12))
@settings(max_examples=50, deadline=None)
def test_scores_add_up(seed: int, given_answers: list[int | None]) -> None:
    """Tags sum to the total, and every wrong item has its reason."""
    drawn = exam.draw(seed, 8)
    answers = [Answer(choice, 5.0) for choice in given_answers]
    result = exam.score(drawn, answers)
    assert 8 == result.asked == sum(score.asked for score in result.tags.values())
    assert result.right == sum(score.right for score in result.tags.values()) == 8 - len(result.slips)
    assert all(result.slips.values())
    expected = sum(choice == item.answer for choice, item in zip(given_answers, drawn.items, strict=False))
    assert expected == result.right


def test_an_answer_after_the_time_is_wrong() -> None:
    """And says so; one at the last second counts."""
    drawn = exam.draw(1, 2)
    first, second = (item.answer for item in drawn.items)
    result = exam.score(drawn, [Answer(first, float(drawn.seconds)), Answer(second, drawn.seconds + 0.1)])
    assert (1, {1: "after the time was up"}) == (result.right, result.slips)


@given(st.lists(st.tuples(st.sampled_from(list(TAGS)), st.sampled_from([0.0, 0.5, 1.0])), max_size=60))
@settings(max_examples=60, deadline=None)
def test_mastery_is_a_share_that_right_answers_never_lower(answers: list[tuple[str, float]]) -> None:
    """In [0, 1]; one more right answer raises its tag or leaves it, and moves no other."""
    cards_too = mastery.card_shares(cards(), {})
    before = mastery.mastery({"cards": cards_too, "tests": mastery.answer_shares(answers)})
    assert list(TAGS) == [row.tag for row in before]
    assert all(0 <= row.share <= 1 for row in before)
    known = {tag for tag, _ in answers}
    for tag in known:
        after = mastery.mastery({"cards": cards_too, "tests": mastery.answer_shares([*answers, (tag, 1.0)])})
        for old, new in zip(before, after, strict=True):
            assert new.share >= old.share if new.tag == tag else new == old


def test_mastery_is_full_only_with_everything_done() -> None:
    """All cards known, tests and reviews right, exercises passed: 1 for each tag; without the exercises less."""
    everything: dict[mastery.Source, dict[str, float]] = {
        "cards": mastery.card_shares(cards(), {card.id: 1.0 for card in cards()}),
        "tests": mastery.answer_shares([(tag, 1.0) for tag in TAGS]),
        "exercises": mastery.exercise_shares(dict.fromkeys(TOPIC_TAGS, 1.0)),
    }
    assert {1.0} == {row.share for row in mastery.mastery(everything)}
    everything["exercises"] = mastery.exercise_shares({"vgg": 1.0})
    table = mastery.mastery(everything)
    by_tag = {row.tag: row for row in table}
    assert by_tag["pooling"].share < by_tag["architectures"].share
    assert 1 / 3 == pytest.approx(by_tag["architectures"].sources["exercises"])
    assert "architectures" not in mastery.weakest(table)


def test_only_recent_answers_count() -> None:
    """Old mistakes fade once there are enough newer answers."""
    answers = [("conv", 0.0)] * 5 + [("conv", 1.0)] * mastery.RECENT
    assert {"conv": 1.0} == mastery.answer_shares(answers)


def test_the_standing_is_made_of_what_was_done(tmp_path: Path) -> None:
    """A rated card, a right answer, a code review and a passing exercise each raise their tag, and only theirs."""
    log = StudyLog(tmp_path / "study.db")
    before = {row.tag: row.share for row in overview.standing(log, cards(), NOW, {})}
    assert {0.0} == set(before.values())
    card = next(card for card in cards() if card.tags == ("conv",))
    log.rate(card.id, "good", schedule.review(None, "good", NOW), NOW)
    drawn = exam.draw(1, 1, tags=["pooling"])
    log.answer(log.begin_exam(drawn, NOW), drawn, 0, Answer(drawn.items[0].answer, 1.0))
    log.add_code_review("loop", "training", 0.5, NOW)
    after = {row.tag: row.share for row in overview.standing(log, cards(), NOW, {"feature_maps": 1.0})}
    assert {"conv", "pooling", "training", "features"} == {tag for tag in TAGS if after[tag] > before[tag]}
    alone = {row.tag: row.sources for row in overview.standing(log, cards(), NOW)}
    assert {"cards", "tests"} == set(alone["pooling"])


def test_suggestions_compare_words() -> None:
    """An answer that names a point's words is taken to cover it; silence covers nothing."""
    points = question_numbered(2).key_points
    said = "The stride is the step between neighbouring windows. It downsamples with weights that are learned."
    assert (True, False, True, False, False) == suggest.covered(said, points)
    for question in questions():
        assert not any(suggest.covered("", question.key_points))
        assert all(suggest.covered("\n".join(question.key_points), question.key_points))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("minutes", [15, 30, 45, 90, 180])
def test_a_plan_keeps_to_its_time_and_level(level: Level, minutes: int) -> None:
    """Warm-up, depth and arithmetic always; a review and a coding task where there is room; nothing twice."""
    for seed in range(10):
        talk = interview.begin(seed, level, minutes, REVIEWS)
        assert talk == interview.begin(seed, level, minutes, REVIEWS)
        assert sum(step.minutes for step in talk.plan) <= minutes
        stages = [step.stage for step in talk.plan]
        assert ["warm-up", "depth"] == stages[:2]
        assert 1 == stages.count("whiteboard")
        assert ("coding" in stages) == (minutes >= 32)
        assert len(talk.plan) == len({(step.stage == "coding", step.name) for step in talk.plan})
        hardest = LEVELS.index(level)
        asked = [question_numbered(int(step.name)) for step in talk.plan if step.key_points]
        assert all(LEVELS.index(question.level) <= hardest for question in asked)
    assert ("review" in stages) == (minutes >= 30)


@pytest.mark.parametrize("minutes", [0, 14, 181])
def test_an_interview_has_a_sensible_length(minutes: int) -> None:
    """Otherwise one sentence says which."""
    with pytest.raises(StudyError, match="15 to 180"):
        interview.begin(1, "mid", minutes)


@pytest.mark.parametrize(("score", "after"), [(0.0, "weak"), (0.4, "weak"), (0.5, "strong"), (1.0, "strong")])
def test_a_follow_up_depends_on_the_answer(score: float, after: str) -> None:
    """Help after a weak answer, depth after a strong one, none after a follow-up."""
    talk = interview.begin(5, "mid", 45)
    question = question_numbered(int(talk.plan[0].name))
    talk = interview.answered(talk, "…", score)
    step = interview.upcoming(talk)
    assert step is not None
    assert step.follow_up
    assert [step.prompt] == [follow_up.ask for follow_up in question.follow_ups if follow_up.after == after]
    talk = interview.answered(talk, "…", None)
    assert talk.plan[1] == interview.upcoming(talk)


def test_a_skipped_question_has_no_follow_up() -> None:
    """And does not count in the scorecard."""
    talk = interview.answered(interview.begin(5, "mid", 45), "", None)
    assert talk.plan[1] == interview.upcoming(talk)
    card = interview.scorecard(talk)
    assert (0.0, (), 0, len(talk.plan)) == (card.share, card.tags, card.taken, card.parts)


@given(st.integers(0, 50), st.sampled_from(LEVELS), st.data())
@settings(max_examples=40, deadline=None)
def test_every_interview_ends_with_a_scorecard(seed: int, level: Level, data: st.DataObject) -> None:
    """Whatever the answers: each part comes once, shares lie in [0, 1], and the weakest tag stands first."""
    talk = interview.begin(seed, level, 60)
    while interview.upcoming(talk) is not None:
        talk = interview.answered(talk, "", data.draw(st.sampled_from([None, 0.0, 0.5, 1.0])))
        assert talk == msgspec.structs.replace(talk)
    assert list(talk.plan) == [exchange.step for exchange in talk.said if not exchange.step.follow_up]
    card = interview.scorecard(talk)
    shares = [row.share for row in card.tags]
    assert sorted(shares) == shares
    assert all(0 <= share <= 1 for share in [card.share, *shares])
    assert set(card.next_topics) <= set(TOPIC_TAGS)
    with pytest.raises(StudyError, match="over"):
        interview.answered(talk, "", 1.0)


def test_a_score_out_of_range_is_refused() -> None:
    """It would spoil the scorecard."""
    with pytest.raises(StudyError, match="between 0 and 1"):
        interview.answered(interview.begin(1, "mid", 45), "", 1.5)
