"""What Python's modules do around every fork, kept from a zygote: none of it is of use to its workers.

``threading`` makes its locks anew and forgets other threads, of which a zygote has none; ``logging`` frees locks that
nobody holds; ``random`` draws a new state, where each worker is to draw what every other does. In a process that shares
all its pages until it writes to them this costs more than any other step between the fork and the submission.
"""

from __future__ import annotations

import os


def refuse_hooks() -> None:
    """From now on no module's hooks are kept; to be called before a module that has some is imported."""
    os.register_at_fork = _ignore


def _ignore(**hooks: object) -> None:
    """As ``os.register_at_fork``, without effect."""
