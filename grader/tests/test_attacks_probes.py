"""Submissions that replace the probes beside them by ones that lie, in every topic whose checks rest on probes."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.topic import read_topic
from grader.core.verdict import Verdict
from grader.tests.ordinary import ROOT
from grader.wire.messages import Cell

LIES = Path(__file__).parent / "lies"
COMPUTED = {
    # Its batches are mixed as they should be; that two of them are alike is true of these.
    "mixing": {"test_mixup_values", "test_mixup_seed", "test_cutmix_values", "test_cutmix_seed"},
    # Numbers and shapes of parameters follow from the arguments: working them out is what these checks ask for.
    # Where nothing fits, nothing is loaded: so says its load_matching of every state.
    "transfer_head": {"test_load_all_or_nothing"},
    # One of its cases is a public one.
    "fine_tuning_setup": {"test_unfreeze"},
    "vgg": {"test_vgg_counts"},
    "resnet": {"test_resnet_counts", "test_resnet18_sizes", "test_resnet50_sizes"},
}
"""Hidden checks that a lie passes by what it works out itself."""

TOPICS = sorted(path.stem for path in LIES.glob("*.py") if path.stem != "prelude")


@pytest.mark.slow
@pytest.mark.parametrize("slug", TOPICS)
def test_probes_that_lie_pass_no_hidden_check(slug: str, tmp_path: Path) -> None:
    """What a probe says of weights, flags or counts earns nothing where no value was computed.

    The public checks' answers stand in the released file: a table of them passes these, and only these.
    """
    pytest.importorskip("torch", reason="not proven: torch is not installed")
    # Without its known answers: naming mistakes would run them all.
    ignored = shutil.ignore_patterns("submissions", "figures", "__pycache__")
    topic = read_topic(shutil.copytree(ROOT / "solutions" / slug, tmp_path / "solutions" / slug, ignore=ignored))
    text = (LIES / "prelude.py").read_text(encoding="utf-8") + (LIES / f"{slug}.py").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    handed_in = Submission("liar", f"{slug}.py", digest, (Cell(text, f"{slug}.py"),))
    (graded,) = grade_all(topic, [handed_in], "none", 1)
    assert graded.grade.gradable, graded.grade.flags
    told = {o.check: f"{o.verdict} {o.reason[:200]}" for o in graded.evidence.outcomes}
    verdicts = {check.verdict for check in graded.grade.checks}
    assert Verdict.INTERNAL_ERROR not in verdicts, told
    passed = {check.id for check in graded.grade.checks if check.visibility == "hidden" and check.points > 0}
    assert set() == passed - COMPUTED.get(slug, set()), told
