"""The simulated interview: a step a page, key points ticked after each answer, a scorecard at the end."""

from __future__ import annotations

from random import SystemRandom
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from course.checks.progress import first_open_task
from course.checks.proof import proved
from course.content import LEVELS
from course.reviews.released import PREFIX
from course.reviews.tags import tags_of
from course.site.asked import choice, field, fields, number
from course.site.questions import LONGEST_ANSWER
from course.site.state import Site, now, site_of
from course.study import interview as interviews
from course.study.judging import Judgement, judged
from course.study.suggest import covered
from grader.core.work import digest_of, work_file


def shown(request: Request) -> Response:
    """The step that is asked now; the choice of an interview where none is open."""
    site = site_of(request)
    found = site.log().unfinished_interview()
    if found is None:
        past = site.log().interview_history()
        return site.page(
            "interviews.html",
            levels=LEVELS,
            shortest=interviews.SHORTEST,
            longest=interviews.LONGEST,
            card=interviews.scorecard(past[-1][1]) if past else None,
            last=past[-1] if past else None,
            questions=site.questions,
            topics=site.topics,
        )
    return _step(request, found[1], None)


def begun(request: Request) -> Response:
    """Draw a plan and begin."""
    level = LEVELS[LEVELS.index(choice(request, "level", LEVELS))]
    minutes = number(field(request, "minutes"), interviews.SHORTEST, interviews.LONGEST, "minutes")
    site = site_of(request)
    log, memory = site.log(), site.memory()
    reviews = [
        interviews.CodeReview(slug.removeprefix(PREFIX), review.config.title, tags_of(slug), log.has_reviewed(slug))
        for slug, review in site.reviews.items()
    ]
    tasks = [
        interviews.CodingTask(row.topic, first_open_task(site.topics[row.topic], memory), row.standing == "done")
        for row in site.rows()
    ]
    talk = interviews.begin(SystemRandom().randrange(1_000_000), level, minutes, reviews, tasks, now())
    log.begin_interview(talk, now())
    return RedirectResponse("/interview", 303)


def answered(request: Request) -> Response:
    """Take an answer: first what was said, then, for a question, which key points it covered.

    Code is judged by its checks and its findings; the student is asked only where nothing was done.
    """
    site = site_of(request)
    log = site.log()
    found = log.unfinished_interview()
    if found is None or field(request, "said") != str(len(found[1].said)):
        # Answered in another window, or twice: the page shows where the interview is.
        return RedirectResponse("/interview", 303)
    begun_as, talk = found
    step = interviews.upcoming(talk)
    act = choice(request, "act", ("answer", "score", "skip", "end"))
    answer = field(request, "answer")[:LONGEST_ANSWER]
    score: float | None = None
    unproved = half = False
    if act == "end" or step is None:
        log.save_interview(begun_as, talk, now())
        return RedirectResponse("/interview", 303)
    if act != "skip":
        if step.item is not None:
            chosen = number(field(request, "choice"), 0, len(step.item.choices) - 1, "choice")
            answer, score = step.item.choices[chosen].text, float(chosen == step.item.answer)
        elif not step.key_points:
            judgement = _judged(site, step, talk)
            if judgement is not None:
                answer, score, half = judgement.words, judgement.score, judgement.half
            elif field(request, "passed"):
                unproved = True
                score = float(choice(request, "passed", ("yes", "no")) == "yes")
            else:
                return _step(request, talk, None, nothing_done=True)
        elif act == "answer":
            return _step(request, talk, answer)
        else:
            ticked = {text for text in fields(request, "point") if text.isascii() and text.isdigit()}
            points = range(len(step.key_points))
            score = sum(str(place) in ticked for place in points) / len(step.key_points)
    talk = interviews.answered(talk, answer, score, unproved=unproved, half=half, now=now())
    log.save_interview(begun_as, talk, None if interviews.upcoming(talk) else now())
    return RedirectResponse("/interview", 303)


def _judged(site: Site, step: interviews.Step, talk: interviews.Interview) -> Judgement | None:
    """What the student's own file and findings say of a review or a coding task."""
    topic = site.topics.get(step.name) or site.reviews.get(PREFIX + step.name)
    if topic is None:
        return None
    check = lambda: site.checker.check(topic.slug, digest_of(work_file(topic)))  # noqa: E731
    proof = proved(topic, site.memory(), talk.since, step.task, check)
    return judged(step, site.log(), talk.since, (proof.passed, proof.of) if proof else None)


def _step(request: Request, talk: interviews.Interview, answer: str | None, *, nothing_done: bool = False) -> Response:
    step = interviews.upcoming(talk)
    suggested = covered(answer, step.key_points) if answer is not None and step else ()
    last = talk.said[-1] if talk.said else None
    return site_of(request).page(
        "interview.html",
        talk=talk,
        step=step,
        answer=answer,
        points=list(zip(step.key_points, suggested, strict=True)) if suggested and step else [],
        done=sum(not exchange.step.follow_up for exchange in talk.said),
        place=_place(step) if step else None,
        last=last if last and (last.step.item or last.step.stage in ("review", "coding")) else None,
        nothing_done=nothing_done,
    )


def _place(step: interviews.Step) -> str | None:
    """Where the site has what the step asks for."""
    if step.stage == "review":
        return f"/reviews/{PREFIX}{step.name}"
    return f"/topics/{step.name}" if step.stage == "coding" else None


ROUTES: Final = (
    Route("/interview", shown, methods=["GET"]),
    Route("/interview", begun, methods=["POST"]),
    Route("/interview/answer", answered, methods=["POST"]),
)
