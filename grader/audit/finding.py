"""A claim about a topic, and whether it holds."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One claim and whether it holds: ``mend`` says what to do where it does not; ``note`` is good to know anyway."""

    claim: str
    holds: bool
    mend: str = ""
    note: str = ""
