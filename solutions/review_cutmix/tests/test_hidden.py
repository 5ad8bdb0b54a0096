"""Each bug by itself, by counting colours: picture i is all i, and of class i."""

import pytest
import torch

from grader.testing import assert_allclose, assert_that

SEEDS = tuple(range(12))
N, SIZE, LAM = 6, 9, 0.4


def found(student):
    """(mixed (seeds, N, H, W), labels (seeds, N, N), batches as they are after the call)."""
    result = student.probe.mix(SEEDS, N, SIZE, LAM)
    assert_that(type(result) is tuple and len(result) == 3, "mixed pictures and labels", "something else")
    batch = torch.arange(float(N))[None, :, None, None].expand(len(SEEDS), N, SIZE, SIZE)
    assert_allclose(result[0].shape if hasattr(result[0], "shape") else result[0], batch.shape)
    return result[0].nan_to_num(-1).round(), result[1], result[2]


@pytest.mark.task("cutmix")
def test_cutmix_share(student):
    """The label's own share is the share that is left of the picture"""
    mixed, labels, _ = found(student)
    own = torch.arange(float(N))[None, :, None, None]
    kept = (mixed == own).double().mean((2, 3))
    foreign = kept < 1
    assert_that(int(foreign.sum()) > 20, "pictures with a patch", "hardly any")
    assert_that(tuple(labels.shape) == (len(SEEDS), N, N), "labels (N, K)", "another shape")
    share = labels.double().diagonal(dim1=1, dim2=2)
    # A picture that is its own partner keeps its class whole, whatever the share.
    assert_allclose(share[foreign], kept[foreign], atol=1e-5, help="what the border cut off was not pasted")


@pytest.mark.task("cutmix")
def test_cutmix_patches(student):
    """Patches are those of the batch as it came"""
    mixed, _, after = found(student)
    batch = torch.arange(float(N))[None, :, None, None].expand(len(SEEDS), N, SIZE, SIZE)
    own = torch.arange(N).tolist()
    for pictures in mixed:
        seen = [[c for c in set(p.flatten().tolist()) if c != i] for i, p in enumerate(pictures)]
        assert_that(all(len(colours) <= 1 for colours in seen), "one patch a picture", "several")
        partners = sorted(int(colours[0]) if colours else i for i, colours in zip(own, seen, strict=True))
        assert_that(partners == own, "each picture once as partner", "another choice", help="a permutation")
    assert_that(not torch.equal(mixed, batch), "patches", "none")
    assert_allclose(after, batch.clone(), help="the caller's batch stays as it is")


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_partners", "test_cutmix_share", "test_cutmix_patches")
def test_cutmix_whole(student):
    """Boxes of the right size anywhere, labels that sum to 1"""
    mixed, labels, _ = found(student)
    assert_allclose(found(student)[0], mixed, help="everything is drawn from g")
    assert_allclose(labels.double().sum(2), torch.ones(len(SEEDS), N, dtype=torch.float64), atol=1e-5)
    side = int(SIZE * (1 - LAM) ** 0.5)
    boxes = [(p != i).nonzero() for batch in mixed for i, p in enumerate(batch) if bool((p != i).any())]
    sizes = [tuple((box.max(0).values - box.min(0).values + 1).tolist()) for box in boxes]
    assert_that(max(max(size) for size in sizes) == side, f"boxes of side {side} where nothing is cut", "other sides")
    assert_that(len(set(sizes)) > 3, "boxes cut at the border", "always whole ones")
