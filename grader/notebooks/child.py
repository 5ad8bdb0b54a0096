"""The process that runs a notebook's checks: ``python -m grader.notebooks.child EXERCISE FILE``.

Prints the grade as JSON, or one sentence on stderr.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from grader.autograde.local import check_file
from grader.core.errors import GraderError
from grader.core.topic import read_topic


def main(exercise: str, file: str) -> int:
    """Check ``file`` and print its grade; returns the exit status."""
    try:
        graded = check_file(read_topic(Path(exercise)), Path(file), debug=False)
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.buffer.write(msgspec.json.encode(graded))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
