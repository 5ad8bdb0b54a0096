"""What the hidden checks of `transfer_head` hand over: weights, images, batches, and states that fit in part."""

import torch
from oracle import maps, tensor, weights


def image(n, height, width, seed=0):
    """Random numbers of both signs, (n, 2, height, width)."""
    return torch.randn(n, 2, height, width, generator=torch.Generator().manual_seed(seed))


BACKBONE = weights("0", "1", seed=1)
NET = weights("conv", "bn", seed=2)
FC = {"fc.weight": image(2, 3, 1, 3).reshape(4, 3), "fc.bias": torch.tensor([1.0, -2, 3, 0.5])}
TO_HEAD = {"3.weight": torch.tensor([[1.0, -2, 0.5], [0, 1, 3]]), "3.bias": torch.tensor([0.5, -1])}
FORK = {
    "stem.weight": image(1, 1, 5, 9).reshape(5, 2),
    "stem.bias": torch.tensor([0.5, -1, 2, 0, 1]),
    "heads.main.0.weight": image(1, 5, 3, 10).reshape(6, 5),
    "heads.main.0.bias": torch.tensor([1.0, 0, -0.5, 2, 1, -1]),
    "heads.main.2.weight": image(1, 3, 3, 11).reshape(3, 6),
    "heads.main.2.bias": torch.tensor([0.5, 0, -2]),
}
ROWS_OF_TWO = image(1, 3, 1, 12).reshape(3, 2)
IMAGES = image(2, 4, 5, 13)

BATCHES = [
    (image(4, 3, 5, 3), torch.tensor([2, 0, 3, 1])),
    (image(4, 3, 5, 4), torch.tensor([1, 1, 0, 2])),
    (image(1, 3, 5, 5), torch.tensor([3])),
]
ROWS = [tensor(maps(NET, "conv", "bn", x).reshape(len(x), -1)) for x, _ in BATCHES]
FEATURES = torch.cat(ROWS), torch.cat([y for _, y in BATCHES])

# Into a "net": what fits, then what doesn't, one way each.
FITTING = {
    **weights("conv", "bn", seed=5),
    "fc.bias": torch.tensor([5.0, 6, 7, 8]),
}
UNFITTING = {
    "larger": {"fc.weight": torch.ones(5, 3), "fc.bias": torch.ones(5)},
    "transposed": {"fc.weight": torch.ones(3, 4)},
    "broadcast": {"fc.weight": torch.ones(1, 3), "fc.bias": torch.ones(1), "conv.bias": torch.tensor(9.0)},
    "more_axes": {"fc.weight": torch.ones(1, 4, 3), "bn.num_batches_tracked": torch.tensor([3])},
    "unknown": {"module.fc.weight": torch.ones(4, 3), "fc": torch.ones(4), "weight": torch.ones(4, 3)},
}
