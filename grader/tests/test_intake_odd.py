"""Downloads with odd but real names in them, and what a student could write to be taken for somebody else."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.autograde.submissions import discover
from grader.core.errors import CourseError
from grader.tests.downloads import found, zipped

CODE = "x = 1\n"


def an_archive() -> bytes:
    """A student's own archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("toy.py", CODE)
    return buffer.getvalue()


def test_canvas_in_any_script_late_and_again(tmp_path: Path) -> None:
    """A late mark on one attempt is the student's; an archive beside a file hides nothing; "late" may be a name."""
    files: dict[str, str | bytes] = {
        "müllerjürgen_101_5501_toy.py": CODE,
        "李雷_102_5502_toy-1.py": CODE,
        "obrienpat_103_5500_toy.py": "first = 1\n",
        "obrienpat_LATE_103_5503_toy-2.py": CODE,
        "latelate_104_5505_LATE_toy.py": CODE,
        "smithjo_105_5506_homework.zip": an_archive(),
        "smithjo_105_5507_toy.py": CODE,
        "__MACOSX/._smithjo_105_5507_toy.py": b"\0",
        ".DS_Store": b"\0",
    }
    students = found(zipped(tmp_path / "submissions.zip", files))
    assert {name: each.file for name, each in students.items()} == {
        "latelate_104": "latelate_104_5505_LATE_toy.py",
        "müllerjürgen_101": "müllerjürgen_101_5501_toy.py",
        "obrienpat_103": "obrienpat_LATE_103_5503_toy-2.py",
        "smithjo_105": "smithjo_105_5507_toy.py",
        "李雷_102": "李雷_102_5502_toy-1.py",
    }
    assert [name for name, each in students.items() if each.problem] == []
    assert [name for name, each in students.items() if "handed in late, by Canvas" in each.notes] == ["obrienpat_103"]


def test_moodle_with_text_and_file_commas_and_underscores(tmp_path: Path) -> None:
    """Of a student's page and file the file is graded; a name may hold what separates names."""
    files: dict[str, str | bytes] = {
        "Ada Lovelace_101_assignsubmission_file_/toy.py": CODE,
        "Ada Lovelace_101_assignsubmission_onlinetext_/onlinetext.html": "<p>see my file</p>",
        "O'Brien, Pat_102_assignsubmission_file_/work/toy.py": CODE,
        "李 雷_103_assignsubmission_file_/toy.py": CODE,
        "Max_Under_Score_104_assignsubmission_file_/toy.py": CODE,
        "Zip_105_assignsubmission_file_/all.zip": an_archive(),
    }
    students = found(zipped(tmp_path / "class.zip", files))
    assert [name for name, each in students.items() if not each.problem] == [
        "Ada Lovelace_101",
        "Max_Under_Score_104",
        "O'Brien, Pat_102",
        "李 雷_103",
    ]
    assert students["Ada Lovelace_101"].file.endswith("file_/toy.py")
    assert "holds no toy.py" in students["Zip_105"].problem


METADATA = """---
submission_5501:
  :submitters:
  - :name: 'O''Brien, Pat'
    :sid: '0007'
    :email: pat@example.org
  :created_at: 2026-11-20 10:00:00.000000000 Z
  :results:
    :submitters:
    - :name: Ada Lovelace
      :sid: '101'
    :output: |-
      :submitters:
      - :name: Ada Lovelace
    :tests:
    - :name: conv2d
      :score: 1.0
submission_5502:
  :created_at: 2026-11-20 10:00:00.000000000 Z
  :submitters:
  - :name: "Ren\\u00E9e \\"R\\" Noether"
    :sid:
    :email: renee@example.org
"""


def test_gradescopes_results_name_nobody(tmp_path: Path) -> None:
    """Only the submission's own field says who handed in, not what an earlier grading printed; quotes are YAML's."""
    files: dict[str, str | bytes] = {
        "assignment_1_export/submission_metadata.yml": METADATA,
        "assignment_1_export/submission_5501/toy.py": CODE,
        "assignment_1_export/submission_5502/toy.py": CODE,
    }
    assert list(found(zipped(tmp_path / "export.zip", files))) == ["O'Brien, Pat_0007", 'Renée "R" Noether']


def test_an_archive_of_one_students_files_is_called_as_the_archive(tmp_path: Path) -> None:
    """Not as the folder that it was unpacked into for a moment; nor is that in a sentence about it."""
    assert list(found(zipped(tmp_path / "ada.zip", {"toy.py": CODE}))) == ["ada"]
    file = zipped(tmp_path / "class.zip", {"ada.zip": an_archive(), "bob.zip": an_archive()})
    with pytest.raises(CourseError, match="class.zip holds no submission.*archives in it are not opened"):
        discover(file, "toy")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=8))
def test_damage_of_any_kind_ends_in_one_sentence(tmp_path: Path, method: int, damage: list[tuple[int, bytes]]) -> None:
    """However an archive is packed, and wherever bytes of it changed: what is whole, or one sentence."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name in ("ada/toy.py", "bob.py"):
            archive.writestr(name, CODE * 50)
    content = bytearray(buffer.getvalue())
    for place, changed in damage:
        place %= len(content)
        content[place : place + len(changed)] = changed
    (tmp_path / "class.zip").write_bytes(content)
    with contextlib.suppress(CourseError):
        discover(tmp_path / "class.zip", "toy")


@pytest.mark.parametrize(("method", "where"), [(zipfile.ZIP_DEFLATED, 45), (zipfile.ZIP_LZMA, 60)])
def test_what_the_decompressor_can_not_read_is_said(tmp_path: Path, method: int, where: int) -> None:
    """The library's own errors of zlib and lzma are no traceback."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("ada.py", "".join(map(str, range(1000))))
    content = bytearray(buffer.getvalue())
    content[where : where + 40] = b"\xff" * 40
    (tmp_path / "class.zip").write_bytes(content)
    with pytest.raises(CourseError, match="download it again"):
        discover(tmp_path / "class.zip", "toy")
