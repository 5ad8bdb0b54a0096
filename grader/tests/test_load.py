"""What a class is given does not depend on what else the host does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from grader.tests.classroom import hand_in, program, toy_course, untimed
from grader.tests.toy import RIGHT, right_but

BUSY = 8
ANSWERS = {
    "crashes": right_but("import os\ndef double(x):\n    os._exit(3)\n"),
    "forbidden": right_but("import ctypes\n"),
    "never-ends": right_but("def total(numbers):\n    while True:\n        pass\n"),
    "raises": right_but("def total(numbers):\n    raise ValueError(len(numbers))\n"),
    "right": RIGHT,
    "sleeps": right_but("import time\n_total = total\ndef total(x):\n    time.sleep(0.02)\n    return _total(x)\n"),
    "unparsable": "def double(x:",
    "works-hard": right_but("_total = total\ndef total(x):\n    sum(range(400_000))\n    return _total(x)\n"),
    "wrong": right_but("def double(x):\n    return x + x.dtype.type(1)\n"),
}


def test_a_busy_host_gives_the_same_grades(tmp_path: Path) -> None:
    """Alone, and beside eight processes that never rest: the same results, verdict by verdict."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {f"{name}.py": text for name, text in ANSWERS.items()})
    busy: list[subprocess.Popen[bytes]] = []
    try:
        for out in ("alone", "beside"):
            ran = program("grader", tmp_path, "grade", "toy", "class", "--out", out, "--jobs", "2")
            assert ran.code == 0, ran.err
            busy = busy or [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    finally:
        for process in busy:
            process.kill()
            process.wait()
    alone, beside = (untimed(tmp_path / out / "results.json") for out in ("alone", "beside"))
    verdicts = {check["verdict"] for entry in alone["submissions"] for check in entry["checks"]}
    assert {"PASSED", "FAILED", "RAISED", "TIMED_OUT", "CRASHED"} <= verdicts
    assert alone == beside
