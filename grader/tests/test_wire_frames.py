"""Frames over a socket: whole or not at all, on time or not at all, and nothing before it is paid for in bytes."""

from __future__ import annotations

import socket
import threading
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.errors import WireError
from grader.wire import frames
from grader.wire.frames import Channel, Closed

SOON = 0.02


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel and the raw socket at its other end."""
    near, far = socket.socketpair()
    yield Channel(near), far
    near.close()
    far.close()


def frame(payload: bytes) -> bytes:
    """``payload`` with its length before it."""
    return len(payload).to_bytes(4, "big") + payload


def test_a_frame_arrives_as_it_was_sent(ends: tuple[Channel, socket.socket]) -> None:
    """Empty ones too, in both directions."""
    channel, far = ends
    other = Channel(far)
    for payload in (b"", b"a", bytes(range(256)) * 10):
        channel.send(payload)
        assert other.receive(1) == payload
        other.send(payload, 1)
        assert channel.receive() == payload


def test_a_frame_larger_than_any_buffer_arrives(ends: tuple[Channel, socket.socket]) -> None:
    """Eight MiB, read while they are being sent."""
    channel, far = ends
    payload = bytes(range(256)) * 2**15
    sender = threading.Thread(target=channel.send, args=(payload, 30))
    sender.start()
    assert Channel(far).receive(30) == payload
    sender.join()


def test_several_frames_at_once_are_taken_one_by_one(ends: tuple[Channel, socket.socket]) -> None:
    """And the beginning of a fourth is kept."""
    channel, far = ends
    far.sendall(frame(b"one") + frame(b"") + frame(b"three") + frame(b"four")[:5])
    assert [channel.receive(1) for _ in range(3)] == [b"one", b"", b"three"]
    with pytest.raises(TimeoutError):
        channel.receive(SOON)
    far.sendall(frame(b"four")[5:])
    assert channel.receive(1) == b"four"


@pytest.mark.parametrize("length", range(8))
def test_what_came_before_the_deadline_is_kept(ends: tuple[Channel, socket.socket], length: int) -> None:
    """Waiting may go on after a TimeoutError, wherever the frame was cut."""
    channel, far = ends
    far.sendall(frame(b"late")[:length])
    for _ in range(2):
        with pytest.raises(TimeoutError):
            channel.receive(SOON)
    far.sendall(frame(b"late")[length:])
    assert channel.receive(1) == b"late"


class Drip:
    """A socket that gives one byte each time, a third of a second apart, on a clock of its own."""

    def __init__(self, data: bytes, readable: socket.socket) -> None:
        """``readable`` is what is waited for, so that there is always something."""
        self._readable = readable
        self.now = 0.0
        self.data = list(data)

    def setblocking(self, flag: bool) -> None:
        pass

    def fileno(self) -> int:
        return self._readable.fileno()

    def recv(self, size: int, flags: int = 0) -> bytes:
        self.now += 1 / 3
        return bytes([self.data.pop(0)])


def test_a_slow_drip_is_no_answer(ends: tuple[Channel, socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not move the deadline, though one always came before it."""
    ends[1].sendall(b"something")
    drip = Drip(frame(bytes(1000)), ends[0].sock)
    monkeypatch.setattr("grader.wire.frames.time.monotonic", lambda: drip.now)
    channel = Channel(drip)  # type: ignore[arg-type]
    with pytest.raises(TimeoutError):
        channel.receive(5)
    assert 5 <= drip.now < 6
    assert channel.receive() == bytes(1000)


def test_a_frame_that_is_whole_is_given_without_waiting(ends: tuple[Channel, socket.socket]) -> None:
    """Even when there is no time left for another byte."""
    channel, far = ends
    far.sendall(frame(b"one") + frame(b"two"))
    assert channel.receive(1) == b"one"
    assert channel.receive(0) == b"two"
    with pytest.raises(TimeoutError):
        channel.receive(0)


@pytest.mark.parametrize("length", range(9))
def test_a_peer_that_is_gone_is_closed(ends: tuple[Channel, socket.socket], length: int) -> None:
    """In the middle of a frame it is gone; a whole one is delivered first."""
    channel, far = ends
    far.sendall(frame(b"last")[:length])
    far.close()
    if length == 8:
        assert channel.receive(1) == b"last"
    for _ in range(2):
        with pytest.raises(Closed):
            channel.receive(1)
    with pytest.raises(Closed):
        channel.send(b"hello?", 1)


def test_a_peer_that_left_without_reading_is_closed(ends: tuple[Channel, socket.socket]) -> None:
    """The system calls it a reset; to the caller it is gone."""
    channel, far = ends
    channel.send(b"unread")
    far.close()
    with pytest.raises(Closed):
        channel.receive(1)


def test_a_channel_that_was_closed_is_closed(ends: tuple[Channel, socket.socket]) -> None:
    """At our own end, too."""
    channel, _ = ends
    channel.close()
    with pytest.raises(Closed):
        channel.receive(1)
    with pytest.raises(Closed):
        channel.send(b"")


def test_a_peer_that_never_reads_is_a_timeout(ends: tuple[Channel, socket.socket]) -> None:
    """The kernel's buffer fills, and the deadline holds."""
    channel, _ = ends
    with pytest.raises(TimeoutError):
        channel.send(bytes(2**23), SOON)


@pytest.mark.parametrize("timeout", [0, 0.0, -1, -1e-9])
def test_no_time_to_send_is_a_timeout(ends: tuple[Channel, socket.socket], timeout: float) -> None:
    """Not an error of the socket's: the peer is still there."""
    channel, far = ends
    with pytest.raises(TimeoutError):
        channel.send(b"x", timeout)
    channel.send(b"y", 1)
    assert Channel(far).receive(1) == b"y"


def test_a_frame_has_eighty_mebibytes(monkeypatch: pytest.MonkeyPatch, ends: tuple[Channel, socket.socket]) -> None:
    """A longer one is not sent, and none is received."""
    channel, far = ends
    assert frames.MAX_FRAME == 80 * 2**20
    monkeypatch.setattr(frames, "MAX_FRAME", 10)
    channel.send(bytes(10))
    with pytest.raises(WireError, match="^a message of 11 bytes: 10 are allowed$"):
        channel.send(bytes(11))
    far.sendall(frame(bytes(11)))
    with pytest.raises(WireError, match="^a frame of 11 bytes: 10 are allowed$"):
        channel.receive(1)


@pytest.mark.parametrize("size", [frames.MAX_FRAME, frames.MAX_FRAME + 1, 2**32 - 1])
def test_an_announced_length_costs_nothing(ends: tuple[Channel, socket.socket], size: int) -> None:
    """Memory grows with what has come, not with what was said to come."""
    channel, far = ends
    far.sendall(size.to_bytes(4, "big") + b"some")
    tracemalloc.start()
    try:
        with pytest.raises(TimeoutError if size <= frames.MAX_FRAME else WireError):
            channel.receive(SOON)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6), st.data())
def test_any_frames_in_any_pieces_arrive_in_order(payloads: list[bytes], data: st.DataObject) -> None:
    """However the stream is cut; what is missing at the end is a timeout."""
    near, far = socket.socketpair()
    with near, far:
        channel = Channel(near)
        stream = b"".join(map(frame, payloads))
        arrived: list[bytes] = []
        while stream:
            cut = data.draw(st.integers(1, len(stream)))
            far.sendall(stream[:cut])
            stream = stream[cut:]
            while True:
                try:
                    arrived.append(bytes(channel.receive(0.0005)))
                except TimeoutError:
                    break
        assert arrived == payloads


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_are_frames_or_a_refusal(data: bytes) -> None:
    """Noise, then the end: frames, then WireError or Closed, never another exception."""
    near, far = socket.socketpair()
    with near:
        far.sendall(data)
        far.close()
        channel = Channel(near)
        with pytest.raises((WireError, Closed)):
            while True:
                channel.receive(1)
