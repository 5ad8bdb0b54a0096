"""The demonstration of transfer_head: transfer wins, and a file that is not right yet ends it with a sentence."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from course import pretrained, transfer
from course.transfer import Curve, cli, drawn
from grader.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "solutions" / "transfer_head" / "transfer_head.py"
STUB = ROOT / "exercises" / "transfer_head" / "transfer_head.py"


@pytest.fixture(autouse=True)
def random_weights(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong before the features are computed goes wrong without the extra, too."""
    if "race" not in request.node.name:
        monkeypatch.setattr(transfer, "imagenet_weights", lambda: pretrained.EfficientNetLite0().state_dict())


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec(pretrained.PACKAGE) is None,
    reason="needs the extra pretrained: pip install 'stride-course[pretrained]'",
)
def test_transfer_wins_the_race(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fifth of the epochs: the new head is right on more than 60 %, the small CNN at least 10 points behind."""
    code = run(cli, ["--file", str(REFERENCE), "--epochs", "6", "--json", str(tmp_path / "race.json")])
    assert code == 0
    found = json.loads((tmp_path / "race.json").read_text(encoding="utf-8"))
    head, scratch = found["curves"]
    assert (len(head["accuracy"]), len(scratch["accuracy"])) == (12, 6)
    assert head["accuracy"][-1] > 0.6
    assert head["accuracy"][-1] > scratch["accuracy"][-1] + 0.1
    assert head["accuracy"][-1] > found["guess"] + 0.3
    assert head["seconds"] == sorted(head["seconds"])
    out = capsys.readouterr().out
    assert "294 tensors from ImageNet; left out: _fc.weight, _fc.bias" in out
    assert "FrozenBackbone: in train() too" in out


def test_the_stub_is_told_what_is_still_to_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The first function that is called."""
    assert run(cli, ["--file", str(STUB)]) == 2
    assert "replace_head is still to be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    return model\n", "    raise KeyError(attr)\n", "replace_head fails (KeyError: 'fc')"),
        ("parameter.requires_grad = False", "pass", "only the new head should be trainable"),
        ("parameter.requires_grad = True", "pass", "only the new head should be trainable"),
        ("if key in own and own[key].shape == value.shape", "if key == '_bn0.bias'", "leave out the old head alone"),
        ("    return loaded, skipped", "    return None", "load_matching should give two lists"),
        ("import torch\n", "import torc\n", "does not load (ModuleNotFoundError: No module named 'torc')"),
    ],
)
def test_a_wrong_file_ends_with_a_sentence(
    old: str, new: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the function, and the command that says more; no traceback."""
    source = REFERENCE.read_text(encoding="utf-8")
    assert old in source
    file = tmp_path / "transfer_head.py"
    file.write_text(source.replace(old, new, 1), encoding="utf-8")
    assert run(cli, ["--file", str(file)]) == 2
    err = capsys.readouterr().err
    assert sentence.replace("'fc'", "'_fc'") in err
    assert "`course check transfer_head` says more" in err
    assert "Traceback" not in err


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do."""
    assert run(cli, ["--file", str(tmp_path / "none.py")]) == 2
    assert "name your file by --file" in capsys.readouterr().err


def test_a_curve_is_drawn_by_some_of_its_points() -> None:
    """The first and the last among them."""
    text = drawn(Curve("name", [float(k) for k in range(100)], [k / 100 for k in range(100)]), lines=4)
    assert text.splitlines()[0] == "name"
    assert [line.split("%")[0].split()[-1] for line in text.splitlines()[1:]] == ["0", "33", "66", "99"]
    assert drawn(Curve("one", [2.0], [0.5])).splitlines()[1] == f"   2.0 s   50% {'█' * 25}"
