"""Length-prefixed frames over a pair of descriptors, with deadlines and without trust.

A length is checked before a byte is allocated for it, and the buffer grows only as bytes arrive, so that a claimed
length costs nothing. What has arrived of a frame is kept when a deadline passes, so that a caller may go on waiting.
"""

from __future__ import annotations

import socket
import time
from typing import Final

from grader.core.errors import WireError

MAX_FRAME: Final = 80 * 2**20
"""The longest frame in bytes: the cap on a message's data, with room for what is around it."""

_HEADER: Final = 4
_CHUNK: Final = 2**18


class Closed(Exception):
    """The other end is gone."""


class Channel:
    """Frames over a stream socket. Not safe for several threads."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray()

    def send(self, payload: bytes, timeout: float | None = None) -> None:
        """Send one frame within ``timeout`` seconds; TimeoutError if nobody reads it, Closed if nobody is there."""
        if len(payload) > MAX_FRAME:
            raise WireError(f"a message of {len(payload)} bytes: {MAX_FRAME} are allowed")
        if timeout is not None and timeout <= 0:
            # A socket would take 0 for "don't wait", and refuse less.
            raise TimeoutError
        try:
            self.sock.settimeout(timeout)
            self.sock.sendall(len(payload).to_bytes(_HEADER, "big") + payload)
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed from error

    def receive(self, timeout: float | None = None) -> bytearray:
        """The next frame's payload within ``timeout`` seconds.

        TimeoutError when the whole frame has not come (ask again to go on waiting), Closed when the other end is gone,
        WireError when it announces a frame longer than :data:`MAX_FRAME`.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            size = self._announced()
            if size is not None and len(self._buffer) >= _HEADER + size:
                payload = self._buffer[_HEADER : _HEADER + size]
                del self._buffer[: _HEADER + size]
                return payload
            remaining = None if deadline is None else deadline - time.monotonic()
            if remaining is not None and remaining <= 0:
                # A byte now and then does not count as an answer.
                raise TimeoutError
            self._fill(remaining)

    @property
    def has_frame(self) -> bool:
        """Whether a whole frame has arrived already: whoever waits for the socket must ask for it first."""
        size = self._announced()
        return size is not None and len(self._buffer) >= _HEADER + size

    def close(self) -> None:
        """Close the descriptor."""
        self.sock.close()

    def _announced(self) -> int | None:
        """The length of the frame that is arriving, once it is known."""
        if len(self._buffer) < _HEADER:
            return None
        size = int.from_bytes(self._buffer[:_HEADER], "big")
        if size > MAX_FRAME:
            raise WireError(f"a frame of {size} bytes: {MAX_FRAME} are allowed")
        return size

    def _fill(self, timeout: float | None) -> None:
        try:
            self.sock.settimeout(timeout)
            data = self.sock.recv(_CHUNK)
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed from error
        if not data:
            raise Closed
        self._buffer += data
