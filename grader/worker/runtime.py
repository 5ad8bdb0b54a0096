"""A runtime, imported, warm and seeded.

No call of a submission pays for what the first use of a library loads. What is drawn from the generators that a whole
process shares is the same in every worker: a grade depends neither on the session that gave it nor on the day.
"""

from __future__ import annotations

import random
import sys
from typing import Any

from grader.wire.messages import SEED


def import_runtime(runtime: str, trains: bool) -> None:
    """Import NumPy, for ``torch`` that too; each is used once, on one thread, an optimizer where a topic ``trains``."""
    import numpy

    numpy.random.default_rng(0).standard_normal(2) @ numpy.ones(2)
    if runtime == "torch":
        import torch

        # A forked child that inherits a pool of threads hangs in it.
        torch.set_num_threads(1)
        layer = torch.nn.Conv2d(1, 1, 3)
        # What a layer without data needs is imported when one is first made, and what a gradient that is given needs.
        torch.nn.Conv2d(1, 1, 3, device="meta")
        layer(torch.zeros(1, 1, 3, 3)).backward(torch.ones(1, 1, 1, 1))
        if trains:
            # The first optimizer imports as much of torch as `import torch` does.
            torch.optim.SGD(layer.parameters(), lr=0.1).step()
    seed_generators(SEED)


def seed_generators(seed: int) -> None:
    """Seed the generators of Python, and of NumPy and torch where they are imported, that all modules share."""
    random.seed(seed)
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
