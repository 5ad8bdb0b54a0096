"""Length-prefixed frames over a pair of descriptors, with deadlines and without trust.

A length is checked before a byte is allocated for it, and the buffer grows only as bytes arrive, so that a claimed
length costs nothing. What has arrived of a frame is kept when a deadline passes, so that a caller may go on waiting.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from typing import Final

from grader.core.errors import WireError

MAX_FRAME: Final = 80 * 2**20
"""The longest frame in bytes: the cap on a message's data, with room for what is around it."""

_HEADER: Final = 4
_CHUNK: Final = 2**16
_AT_ONCE: Final = getattr(socket, "MSG_DONTWAIT", 0)


class Closed(Exception):
    """The other end is gone."""


class Channel:
    """Frames over a stream socket. Not safe for several threads."""

    def __init__(self, sock: socket.socket) -> None:
        # A socket's own timeout costs a system call each time it is set; waiting is done here instead.
        sock.setblocking(bool(_AT_ONCE))
        self.sock = sock
        self._buffer = bytearray()

    def send(self, payload: bytes, timeout: float | None = None) -> None:
        """Send one frame within ``timeout`` seconds; TimeoutError if nobody reads it, Closed if nobody is there."""
        self.send_together([payload], timeout)

    def send_together(self, payloads: Sequence[bytes], timeout: float | None = None) -> None:
        """Send a frame for each of ``payloads`` at once, otherwise like :meth:`send`."""
        longest = max(len(payload) for payload in payloads)
        if longest > MAX_FRAME:
            raise WireError(f"a message of {longest} bytes: {MAX_FRAME} are allowed")
        if timeout is not None and timeout <= 0:
            raise TimeoutError
        parts = [part for payload in payloads for part in (len(payload).to_bytes(_HEADER, "big"), payload)]
        self._send_all(b"".join(parts), timeout)

    def receive(self, timeout: float | None = None) -> bytearray:
        """The next frame's payload within ``timeout`` seconds.

        TimeoutError when the whole frame has not come (ask again to go on waiting), Closed when the other end is gone,
        WireError when it announces a frame longer than :data:`MAX_FRAME`.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (payload := self.arrived()) is None:
            remaining = None if deadline is None else deadline - time.monotonic()
            if remaining is not None and remaining <= 0:
                # A byte now and then does not count as an answer.
                raise TimeoutError
            self._fill(remaining)
        return payload

    def arrived(self) -> bytearray | None:
        """The next frame's payload, if the whole frame has arrived already; WireError like :meth:`receive`."""
        buffer = self._buffer
        if len(buffer) < _HEADER:
            return None
        end = _HEADER + int.from_bytes(buffer[:_HEADER], "big")
        if end > _HEADER + MAX_FRAME:
            raise WireError(f"a frame of {end - _HEADER} bytes: {MAX_FRAME} are allowed")
        if len(buffer) < end:
            return None
        payload = buffer[_HEADER:end]
        del buffer[:end]
        return payload

    @property
    def has_begun(self) -> bool:
        """Whether some of a frame has arrived already: the socket may have nothing more to wait for.

        It may be a frame that is longer than any, with nothing after its first bytes: whoever receives it is told so.
        """
        return bool(self._buffer)

    def close(self) -> None:
        """Close the descriptor."""
        self.sock.close()

    def _send_all(self, data: bytes, timeout: float | None) -> None:
        deadline = None if timeout is None else time.monotonic() + timeout
        sent = 0
        while sent < len(data):
            try:
                # Most of the time all of it at once.
                sent += self.sock.send(memoryview(data)[sent:] if sent else data, _AT_ONCE)
            except BlockingIOError:
                remaining = None if deadline is None else max(deadline - time.monotonic(), 0.0)
                _wait(self.sock, remaining, writing=True)
            except (OSError, ValueError) as error:
                raise Closed from error

    def _fill(self, timeout: float | None) -> None:
        try:
            if timeout is None and _AT_ONCE:
                data = self.sock.recv(_CHUNK)
            else:
                _wait(self.sock, timeout, writing=False)
                data = self.sock.recv(_CHUNK, _AT_ONCE)
        except BlockingIOError:
            return
        except TimeoutError:
            raise
        except (OSError, ValueError) as error:
            # ValueError: closed on our own side.
            raise Closed from error
        if not data:
            raise Closed
        self._buffer += data


def _wait(sock: socket.socket, timeout: float | None, *, writing: bool) -> None:
    """Until ``sock`` can be written or read, or its other end is gone; TimeoutError after ``timeout`` seconds."""
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(sock, select.POLLOUT if writing else select.POLLIN)
        ready = bool(poller.poll(None if timeout is None else timeout * 1000))
    else:
        # Where there is no poll, select knows no highest descriptor.
        ready = any(select.select([] if writing else [sock], [sock] if writing else [], [], timeout))
    if not ready:
        raise TimeoutError
