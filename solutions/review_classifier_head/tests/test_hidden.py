"""Each bug by itself, then whole predictions."""

import pytest
import torch

from grader.testing import assert_allclose, assert_dtype

G = torch.Generator().manual_seed(4)
HEAD = {"fc.weight": torch.randn(5, 3, generator=G), "fc.bias": torch.randn(5, generator=G)}
X = {n: torch.randn(n, 3, 2, 4, generator=G) * 3 for n in (1, 2, 7)}
LOGITS = {n: x.mean((2, 3)) @ HEAD["fc.weight"].T + HEAD["fc.bias"] for n, x in X.items()}


@pytest.mark.task("Classifier")
@pytest.mark.parametrize("n", [2, 7])
def test_classifier_logits(student, n):
    """Logits as the loss wants them"""
    assert_allclose(student.probe.logits(HEAD, X[n]), LOGITS[n], help="what does cross_entropy take?")


@pytest.mark.task("Classifier")
@pytest.mark.depends("test_classifier_one_picture", "test_classifier_logits")
def test_classifier_loss(student):
    """The training loss of a batch, and of one picture"""
    expected = tuple(torch.nn.functional.cross_entropy(LOGITS[n], torch.arange(n) % 5) for n in (1, 7))
    found = student.probe.losses(HEAD, (X[1], X[7]), (torch.arange(1), torch.arange(7) % 5))
    assert_allclose(found, expected)


@pytest.mark.task("predict")
@pytest.mark.parametrize("n", [2, 7])
def test_predict_labels(student, n):
    """One class a picture"""
    found = student.probe.predict(HEAD, X[n])
    labels = found[0] if type(found) is tuple and len(found) == 2 else found
    assert_allclose(labels, LOGITS[n].argmax(1), help="which axis of (N, K) holds the classes?")
    assert_dtype(labels, "int64")


@pytest.mark.task("predict")
@pytest.mark.depends("test_predict_labels", "test_classifier_one_picture", "test_classifier_logits")
def test_predict_confidence(student):
    """Class and probability, for one picture too"""
    for n in X:
        confidence, labels = LOGITS[n].softmax(1).max(1)
        assert_allclose(student.probe.predict(HEAD, X[n]), (labels, confidence))
