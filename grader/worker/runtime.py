"""A runtime, imported and warm: no call of a submission pays for what the first use of a library loads."""

from __future__ import annotations


def import_runtime(runtime: str) -> None:
    """Import NumPy, for ``torch`` that too; each is used once, on one thread."""
    import numpy

    numpy.random.default_rng(0).standard_normal(2) @ numpy.ones(2)
    if runtime == "torch":
        import torch

        # A forked child that inherits a pool of threads hangs in it.
        torch.set_num_threads(1)
        layer = torch.nn.Conv2d(1, 1, 3)
        optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
        layer(torch.zeros(1, 1, 3, 3)).sum().backward()
        # The first optimizer step imports a large part of torch.
        optimizer.step()
