"""Where nothing is mounted, packages that a worker may not read look as if they were not there.

They lie beside the runtime's own, so Python finds them, and reading them is refused: an import that a submission, or
torch, wraps in ``try … except ImportError`` would raise PermissionError.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence


def find_readable_only(readable: Sequence[str]) -> None:
    """From now on nothing is found on the path but what lies beneath ``readable``, files and folders."""
    only = ReadableOnly(readable)
    sys.meta_path[:] = [only if finder is importlib.machinery.PathFinder else finder for finder in sys.meta_path]


class ReadableOnly(importlib.abc.MetaPathFinder):
    """Python's own search of the path, without what lies outside ``readable``."""

    def __init__(self, readable: Sequence[str]) -> None:
        self._files = frozenset(readable)
        self._folders = tuple(path.rstrip(os.sep) + os.sep for path in readable)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """As Python finds it; None for what may not be read."""
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None:
            return None
        places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
        return spec if any(place in self._files or place.startswith(self._folders) for place in places) else None
