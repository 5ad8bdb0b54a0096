"""Programs as an ordinary user, started by root, from folders that such a user may not enter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.tests.ordinary import NOBODY, Unavailable, as_user, closed_above

pytestmark = pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="not proven: only root can be another")

TELL = """
import json, os, sys
folder, inner = sys.argv[1:]
facts = {"user": [os.getuid(), os.geteuid(), os.getgid()], "groups": os.getgroups(), "seen": sorted(os.listdir(folder))}
print(json.dumps(facts | {"text": open(inner).read()}))
"""


def test_what_is_needed_is_opened_and_nothing_else(tmp_path: Path) -> None:
    """A closed folder shows the way to the temporary files in it; the host's own mounts and modes stay as they are."""
    closed = Path(os.path.realpath(tmp_path)) / "closed"
    (closed / "temporary").mkdir(parents=True)
    (closed / "temporary" / "file").write_text("found")
    (closed / "secret").write_text("hidden")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and "pytest" in str(folder):
            folder.chmod(0o755)
    closed.chmod(0o700)
    (closed / "temporary").chmod(0o755)
    mounts = Path("/proc/self/mountinfo").read_text()
    try:
        command = as_user(NOBODY)
    except Unavailable as reason:
        pytest.skip(f"not proven: {reason}")
    ran = subprocess.run(
        [*command, sys.executable, "-c", TELL, str(closed), str(closed / "temporary" / "file")],
        stdout=subprocess.PIPE,
        cwd="/",
        env={**os.environ, "TMPDIR": str(closed / "temporary")},
        check=True,
    )
    expected = {"user": [NOBODY] * 3, "groups": [], "seen": ["temporary"], "text": "found"}
    assert expected == json.loads(ran.stdout)
    assert mounts == Path("/proc/self/mountinfo").read_text()
    assert ["secret", "temporary"] == sorted(path.name for path in closed.iterdir())
    assert closed == closed_above(closed / "temporary" / "file")


def test_a_user_who_still_can_not_is_told_why(tmp_path: Path) -> None:
    """A program that is not there ends in one line, and not in a traceback."""
    try:
        command = as_user(NOBODY)
    except Unavailable as reason:
        pytest.skip(f"not proven: {reason}")
    ran = subprocess.run([*command, str(tmp_path / "none")], stderr=subprocess.PIPE, cwd="/", check=False)
    assert (1, 1) == (ran.returncode, len(ran.stderr.splitlines()))
