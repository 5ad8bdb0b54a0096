"""The archive that an instructor uploads as a Gradescope autograder: the engine, one topic, and two scripts."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grader.core.errors import CourseError
from grader.core.topic import Topic

SETUP = """\
#!/usr/bin/env bash
# Run once, when Gradescope builds the image. Set PIP_INDEX_URL here to install from elsewhere; for torch that should be
# an index of CPU builds.
set -euo pipefail
cd "$(dirname "$0")"
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  apt-get update
  apt-get install -y --no-install-recommends python3.11 python3.11-venv
fi
python=$(command -v python3.11 || command -v python3)
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet -r requirements.txt
"""

RUN = """\
#!/usr/bin/env bash
# Run once a submission. Gradescope copies this file to /autograder; the archive itself lies in /autograder/source.
home=${{AUTOGRADER_HOME:-/autograder}}
cd "$home/source"
PYTHONPATH=$PWD exec .venv/bin/python -m grader.lms.gradescope.run {slug} "$home"
"""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = frozenset({"tests", "benchmarks", "__pycache__"})


def autograder_zip(topic: Topic, root: Path) -> bytes:
    """The archive for ``topic`` of the course in ``root``, the same bytes for the same files.

    It holds the hidden suite: for instructors only. CourseError if the project's files are not there.
    """
    files: dict[str, tuple[bytes, int]] = {
        "setup.sh": (SETUP.encode(), 0o755),
        "run_autograder": (RUN.format(slug=topic.slug).encode(), 0o755),
        "requirements.txt": (_requirements(root, topic).encode(), 0o644),
    }
    engine = Path(__file__).resolve().parents[2]
    for file in _below(engine):
        files[f"grader/{file.relative_to(engine).as_posix()}"] = (file.read_bytes(), 0o644)
    for file in _below(topic.path, everything=True):
        files[f"solutions/{topic.slug}/{file.relative_to(topic.path).as_posix()}"] = (file.read_bytes(), 0o644)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def _requirements(root: Path, topic: Topic) -> str:
    """What the project itself depends on; torch, which is large, only where the topic runs on it."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        needed: list[str] = project["dependencies"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CourseError(f"{root / 'pyproject.toml'} does not say what the grader depends on: {error}") from None
    chosen = [line for line in needed if topic.config.runtime == "torch" or not line.startswith("torch")]
    return "\n".join(chosen) + "\n"


def _below(folder: Path, *, everything: bool = False) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            if everything or entry.name not in _LEFT_OUT:
                yield from _below(entry, everything=everything)
        elif entry.suffix != ".pyc":
            yield entry
