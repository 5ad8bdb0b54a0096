"""What the submission prints: kept up to a bound, then dropped, and never a reason to fail or to wait."""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Final

MAX_OUTPUT: Final = 64 * 2**10
"""How many bytes of stdout and stderr together are kept."""

NOTE: Final = b"\n[output truncated]\n"


_ENGINE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

_with_place = warnings.formatwarning


class BoundedFile(io.RawIOBase):
    """Writes through to a descriptor until the bound, says so once, and drops the rest."""

    def __init__(self, descriptor: int, budget: list[int]) -> None:
        super().__init__()
        self._raw = io.FileIO(descriptor, "w", closefd=False)
        self._budget = budget

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor below."""
        return self._raw.fileno()

    def write(self, data: object) -> int:
        """Keep what the budget allows; the whole of ``data`` counts as written."""
        view = memoryview(data)  # type: ignore[arg-type]
        left = self._budget[0]
        if left > 0:
            try:
                self._raw.write(view[:left])
                if len(view) > left:
                    self._raw.write(NOTE)
            except OSError:
                left = 0
        self._budget[0] = left - len(view)
        return len(view)


def bound_output() -> None:
    """Replace ``sys.stdout`` and ``sys.stderr`` by bounded ones sharing one budget, and ``sys.stdin`` by nothing."""
    budget = [MAX_OUTPUT]
    streams = {"stdout": _text(1, budget), "stderr": _text(2, budget), "stdin": io.StringIO()}
    for name, stream in streams.items():
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    warnings.formatwarning = warning_text


def warning_text(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """A warning as Python words it; without its place where that is a line of ours, such as the call."""
    if filename.startswith(_ENGINE):
        return f"{category.__name__}: {message}\n"
    return _with_place(message, category, filename, lineno, line)


def _text(descriptor: int, budget: list[int]) -> io.TextIOWrapper:
    buffered = io.BufferedWriter(BoundedFile(descriptor, budget))
    return io.TextIOWrapper(buffered, "utf-8", "backslashreplace", line_buffering=True)
