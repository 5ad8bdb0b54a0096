"""What a Dask worker does for us, called here without Dask: files, sessions, and when it refuses."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.autograde import jobs, remote
from grader.autograde.parcel import digest_of, pack_folder, unpack_folder
from grader.autograde.submissions import discover
from grader.core.digest import engine_digest
from grader.core.errors import CourseError, SandboxError
from grader.core.topic import Topic
from grader.executors.kept import Ended
from grader.tests.classroom import hand_in, toy_course
from grader.tests.toy import RIGHT


@pytest.fixture
def topic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    """The toy topic; nothing that a worker keeps for it outlives the test."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    yield toy_course(tmp_path)
    for order in list(remote._places):
        remote.leave(order)
    assert list((tmp_path / "tmp").iterdir()) == []


def order_for(topic: Topic, **changes: str) -> bytes:
    """A run's order, without a sandbox: what is tested here is who starts what."""
    order = remote.Order(
        run="r1", slug=topic.slug, digest=digest_of(pack_folder(topic.path)), engine=engine_digest(), level="none"
    )
    return remote.encode_order(msgspec.structs.replace(order, **changes))


def jobs_of(topic: Topic, folder: Path, names: str) -> list[bytes]:
    """Right answers, handed in by each of ``names``."""
    hand_in(folder, {f"{name}.py": f"{RIGHT}\n# {name}\n" for name in names})
    return [jobs.encode_job(submission) for submission in discover(folder, topic.slug)]


def test_a_session_is_kept_between_batches(topic: Topic, tmp_path: Path) -> None:
    """The files come first, once; then the same process grades batch after batch, until the run is over."""
    order, files = order_for(topic), pack_folder(topic.path)
    assert remote.introduce(order) == ("absent", None)
    assert remote.work(order, []) == ("absent", None)
    kind, greeting = remote.deliver(order, files)
    assert kind == "ready"
    assert isinstance(jobs.decode_reply(greeting), jobs.Opened)
    (place,) = remote._places.values()
    (session,) = place.sessions._idle
    for names in ("ab", "c"):
        kind, (seconds, results) = remote.work(order, jobs_of(topic, tmp_path / names, names))
        assert kind == "done"
        assert seconds > 0
        replies = [jobs.decode_reply(result) for result in results]
        assert [30.0] * len(names) == [reply.graded.grade.score for reply in replies if isinstance(reply, jobs.Done)]
    assert place.sessions._idle == [session]
    assert remote.leave(order) == ("left", None)
    assert session.process.poll() is not None
    assert remote.work(order, []) == ("absent", None)


def test_a_session_that_is_killed_is_replaced(topic: Topic, tmp_path: Path) -> None:
    """Between batches or in the middle of one, it costs nothing."""
    order = order_for(topic)
    remote.deliver(order, pack_folder(topic.path))
    (place,) = remote._places.values()
    place.sessions._idle[0].process.kill()
    jobs = jobs_of(topic, tmp_path / "class", "a")
    place.sessions._idle[0].process.wait()
    assert remote.work(order, jobs)[0] == "done"
    (session,) = place.sessions._idle
    os.kill(session.process.pid, 9)  # it may or may not be noticed before the job is sent
    kind, (_, results) = remote.work(order, jobs)
    assert (kind, len(results), None in results) == ("done", 1, False)


def test_another_engine_is_refused(topic: Topic) -> None:
    """Both are named, with their versions."""
    kind, reason = remote.introduce(order_for(topic, engine="grader 0.0.1 0123, torch 1.0"))
    assert kind == "refused"
    assert reason == f"it has {engine_digest()}, and this run grader 0.0.1 0123, torch 1.0: install the same there"


def test_an_engine_that_changes_meanwhile_is_refused(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody upgrades the worker's environment: no further session is started there."""
    order = order_for(topic)
    assert remote.deliver(order, pack_folder(topic.path))[0] == "ready"
    monkeypatch.setattr(remote, "engine_digest", lambda: "grader 9")
    (place,) = remote._places.values()
    place.sessions._idle.pop().close()
    assert remote.work(order, [b"a job"]) == ("refused", "its grader was changed while it ran")


def test_a_host_without_a_sandbox_is_refused(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a live probe says, and at the run's level; a level that holds is proved once."""
    asked: list[str] = []

    def chosen(choice: str) -> str:
        asked.append(choice)
        if choice != "landlock":
            raise SandboxError("this host can't do it")
        return choice

    monkeypatch.setattr(remote, "chosen_level", chosen)
    monkeypatch.setattr(remote, "_proved", set())
    assert remote.offer("auto") == ("refused", "this host can't do it")
    assert remote.introduce(order_for(topic, level="full")) == ("refused", "this host can't do it")
    assert remote.offer("landlock") == ("level", "landlock")
    assert remote.introduce(order_for(topic, level="landlock")) == ("absent", None)
    assert asked == ["auto", "full", "landlock"]


def test_a_host_that_breaks_under_its_session_is_refused(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its batch is for others to grade, and the run goes on."""
    order = order_for(topic)
    remote.deliver(order, pack_folder(topic.path))
    (place,) = remote._places.values()
    failed = jobs.encode_reply(jobs.Failed("SandboxError", "no zygote starts any more"))
    monkeypatch.setattr(place.sessions, "run", lambda jobs: [failed, None])
    assert remote.work(order, [b"a job", b"another"]) == ("refused", "no zygote starts any more")


def test_files_that_change_on_the_way_are_refused(topic: Topic) -> None:
    """The digest is the order's."""
    order, files = order_for(topic), pack_folder(topic.path)
    assert remote.deliver(order, files[:-1] + b"!") == (
        "refused",
        "the topic's files did not arrive as they were sent",
    )


def test_files_that_are_cleared_up_are_asked_for_again(topic: Topic) -> None:
    """Before a session is started on half a suite."""
    order, files = order_for(topic), pack_folder(topic.path)
    remote.deliver(order, files)
    (place,) = remote._places.values()
    place.sessions._idle.pop().close()
    (place._path / "tests" / "test_hidden.py").unlink()
    assert remote.work(order, [b"a job"]) == ("absent", None)
    assert remote.deliver(order, files)[0] == "ready"


def test_a_suite_that_can_not_be_opened_there(topic: Topic) -> None:
    """The reason is what the session said, in one line."""
    (topic.tests / "test_hidden.py").write_text("import nothing_of_the_kind\n", encoding="utf-8")
    kind, reason = remote.deliver(order_for(topic), pack_folder(topic.path))
    assert kind == "refused"
    assert "nothing_of_the_kind" in reason


def test_what_nobody_asks_for_any_more_is_ended(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coordinator that was killed says no good-bye."""
    monkeypatch.setattr(remote, "IDLE_SECONDS", 0.05)
    order = order_for(topic)
    ended = threading.Event()
    close = remote._Place.close

    def noted(place: remote._Place) -> None:
        close(place)
        ended.set()

    monkeypatch.setattr(remote._Place, "close", noted)
    # On a busy host it is ended before it was asked for its first session.
    assert remote.deliver(order, pack_folder(topic.path))[0] in ("ready", "absent")
    assert ended.wait(60)
    assert remote.work(order, []) == ("absent", None)


def test_a_place_that_ends_gives_its_jobs_back(topic: Topic) -> None:
    """No job is counted as lost because the worker cleared up."""
    order = order_for(topic)
    remote.deliver(order, pack_folder(topic.path))
    (place,) = remote._places.values()
    place.sessions.close()
    with pytest.raises(Ended):
        place.sessions.run([b"a job"])
    assert remote.work(order, [b"a job"]) == ("absent", None)


def test_a_parcel_holds_a_folder(topic: Topic, tmp_path: Path) -> None:
    """Every file but what tools leave; equal folders make equal parcels."""
    (topic.path / "__pycache__").mkdir()
    (topic.path / "__pycache__" / "toy.pyc").write_bytes(b"")
    (topic.path / ".stub").write_bytes(b"")
    parcel = pack_folder(topic.path)
    unpack_folder(parcel, tmp_path / "there" / "toy")
    assert pack_folder(tmp_path / "there" / "toy") == parcel
    assert not (tmp_path / "there" / "toy" / "__pycache__").exists()
    assert (tmp_path / "there" / "toy").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil"])
def test_a_parcel_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    """Whatever it says."""
    with pytest.raises(CourseError, match="lies outside"):
        unpack_folder(msgspec.msgpack.encode({name: b""}), tmp_path / "deep" / "here")
    assert not list(tmp_path.rglob("evil"))


def test_what_is_no_parcel(tmp_path: Path) -> None:
    """One sentence."""
    with pytest.raises(CourseError, match="can't be unpacked"):
        unpack_folder(b"\xc1", tmp_path / "here")
