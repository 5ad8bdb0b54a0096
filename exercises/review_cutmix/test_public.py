"""Pictures of one colour: what is seen can be counted."""

import pytest

from grader.testing import assert_equal, assert_shape, assert_that


@pytest.mark.task("cutmix")
def test_cutmix_partners(student):
    """The label names the picture whose patch is seen"""
    mixed, labels = pictures(student.probe.mix((1, 2, 3), 6, 8, 0.5))
    for s in range(3):
        for i in range(6):
            seen = {int(c) for c in mixed[s, i].flatten().tolist()}
            named = {c for c, share in enumerate(labels[s, i].tolist()) if share > 0.01}
            assert_equal(sorted(named), sorted(seen), help="(classes with a share, colours seen)")


def pictures(found):
    """The two tensors, if that is what came back."""
    right = type(found) is tuple and len(found) == 3
    assert_that(right, "mixed pictures and labels", "something else")
    assert_shape(found[0], (3, 6, 8, 8))
    assert_shape(found[1], (3, 6, 6))
    return found[0].nan_to_num(-1), found[1].nan_to_num(-1)
