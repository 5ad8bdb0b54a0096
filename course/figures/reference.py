"""The topics' own references, so that a figure shows what a right answer computes and nothing else."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions"


@functools.cache
def reference(slug: str) -> Any:
    """The module ``solutions/<slug>/<slug>.py``, imported under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"_figures_{slug}", SOLUTIONS / slug / f"{slug}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{slug} has no reference")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
