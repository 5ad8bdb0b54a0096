"""Checks many files in one process, since a suite is collected once: ``python -m course.tests.checking TOPIC FOLDER``.

Prints one JSON object: for each file's name what ``course check --file`` would say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from grader.autograde.local import Check, open_checks
from grader.core.topic import read_topic
from grader.report.text import grade_text, told_beside


def main(exercise: Path, folder: Path) -> None:
    """Check every file in ``folder`` against the public suite of ``exercise``."""
    said = {}

    def body(check: Check) -> None:
        for file in sorted(folder.iterdir()):
            graded = check(file)
            said[file.name] = "\n".join([grade_text(graded.grade), *told_beside(graded)])

    open_checks(read_topic(exercise), body)
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
