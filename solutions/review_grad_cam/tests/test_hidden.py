"""Each bug by itself, then whole batches. The model is a 1x1 convolution, then a mean and a linear layer."""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal

G = torch.Generator().manual_seed(13)
MIX, HEAD = torch.randn(4, 3, generator=G), torch.randn(5, 4, generator=G)
ONE = torch.randn(1, 3, 4, 5, generator=G)
BATCH = torch.randn(3, 3, 4, 5, generator=G) * torch.tensor([0.1, 5.0, 1.0])[:, None, None, None]
POSITIVE = torch.tensor([[[[1.0, 3.0]]], [[[10.0, 40.0]]]])
CLASSES = torch.tensor([2, 0, 4])


def maps(mix, head, x, classes):
    """The definition: the gradient of a logit at every place is head / (h * w), squares count by the chain rule."""
    activation = torch.einsum("oc,nchw->nohw", mix, x)
    gradient = head[classes][:, :, None, None] * 2 * activation / activation[0, 0].numel()
    cam = (gradient.mean((2, 3), keepdim=True) * activation).sum(1).clamp(min=0)
    return cam / torch.stack([each.max().clamp(min=1e-12) for each in cam])[:, None, None]


@pytest.mark.task("grad_cam")
def test_grad_cam_weights(student):
    """One number weighs each channel"""
    found = student.probe.cam(MIX, HEAD, ONE, CLASSES[:1])
    assert_allclose(found, maps(MIX, HEAD, ONE, CLASSES[:1]), help="over which axes is the gradient averaged?")


@pytest.mark.task("grad_cam")
def test_grad_cam_each_by_itself(student):
    """A picture's map reaches 1, whatever is beside it"""
    one = torch.ones(1, 1)
    found = student.probe.linear_cam(one, one, POSITIVE, torch.tensor([0, 0]))
    assert_allclose(found, torch.tensor([[[1 / 3, 1.0]], [[0.25, 1.0]]]), help="whose maximum is it divided by?")


@pytest.mark.task("grad_cam")
@pytest.mark.depends("test_grad_cam_leaves_no_hook", "test_grad_cam_weights", "test_grad_cam_each_by_itself")
def test_grad_cam_whole(student):
    """A batch with several classes; a class that nothing speaks for has an empty map"""
    assert_allclose(student.probe.cam(MIX, HEAD, BATCH, CLASSES), maps(MIX, HEAD, BATCH, CLASSES))
    against = student.probe.linear_cam(torch.ones(1, 1), -torch.ones(1, 1), POSITIVE, torch.tensor([0, 0]))
    assert_allclose(against, torch.zeros(2, 1, 2))
    assert_equal(student.probe.traces(MIX, HEAD, BATCH, CLASSES), (False, False, 0), help="what is left behind")
