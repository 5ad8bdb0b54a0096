"""Technical tests: twenty generators of items whose numbers are drawn from a seed."""

from __future__ import annotations

from typing import Final

from course.technical import networks, sizes, values, weights
from course.technical.item import Choice, Generator, Item

__all__ = ["GENERATORS", "Choice", "Generator", "Item"]

GENERATORS: Final = (*sizes.GENERATORS, *weights.GENERATORS, *networks.GENERATORS, *values.GENERATORS)
"""All kinds of items, each with its tag and level."""
