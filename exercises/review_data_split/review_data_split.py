"""Training and validation sets of pictures of which some belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice

import torch

Indices = list[int]


def split(patients: Sequence[str], share: float, seed: int) -> tuple[Indices, Indices]:
    """(training, validation): sorted indices of pictures; `patients` says whose each picture is."""
    names = list(patients)
    g = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(names), generator=g).tolist()
    count = max(1, round(share * len(names)))
    val = sorted(order[:count])
    train = sorted(set(range(len(patients))) - set(val))
    return train, val


def oversample(indices: Indices, labels: Sequence[int]) -> Indices:
    """The indices, those of rarer classes repeated in turn until all classes are as frequent as the largest."""
    by_class: dict[int, Indices] = {}
    for i in indices:
        by_class.setdefault(labels[i], []).append(i)
    most = max(len(own) for own in by_class.values())
    repeated = [i for own in by_class.values() for i in islice(cycle(own), most)]
    return sorted(repeated)


def make_sets(labels: Sequence[int], patients: Sequence[str], share: float, seed: int) -> tuple[Indices, Indices]:
    """(training, validation): the pictures to load, training balanced by repetition."""
    everything = oversample(list(range(len(labels))), labels)
    train, val = split([patients[i] for i in everything], share, seed)
    return [everything[i] for i in train], [everything[i] for i in val]


def summary(indices: Indices, labels: Sequence[int]) -> str:
    """How many pictures of each class, in words, for the log."""
    counts = Counter(labels[i] for i in indices)
    return ", ".join(f"class {label}: {count}" for label, count in sorted(counts.items()))
