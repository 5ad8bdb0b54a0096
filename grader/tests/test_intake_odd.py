"""Downloads with odd but real names in them, and what a student could write to be taken for somebody else."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from grader.autograde.intake import archives
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
        "Zip_105",
        "李 雷_103",
    ]
    assert students["Ada Lovelace_101"].file.endswith("file_/toy.py")
    assert students["Zip_105"].notes == ("it was handed in within all.zip",)


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
    with pytest.raises(CourseError, match="holds no submission.*to grade what is in ada.zip, give that file"):
        discover(tmp_path, "toy")


def test_archives_that_students_made_are_opened_one_level(tmp_path: Path) -> None:
    """Wherever one alone could be the answer; a packed one in it stays closed; each says what it was found in."""
    inner = {"work/toy.py": CODE, "work/notes.txt": "n"}
    packed = zipped(tmp_path / "inner.zip", inner).read_bytes()
    deep = zipped(tmp_path / "deep.zip", {"again.zip": packed}).read_bytes()
    files: dict[str, str | bytes] = {
        "ada.zip": packed,
        "bob.zip": deep,
        "cyd.zip": b"PK no archive",
        "dan.tar.gz": b"x",
    }
    students = found(zipped(tmp_path / "class.zip", files))
    assert {name: each.file for name, each in students.items()} == {
        "ada": "ada.zip/work/toy.py",
        "bob": "bob.zip",
        "cyd": "cyd.zip",
        "dan.tar": "dan.tar.gz",
    }
    assert {name: each.problem for name, each in students.items() if each.problem} == {
        "bob": "bob.zip: no such file: the folder holds no toy.py or toy.ipynb; not opened: again.zip",
        "cyd": "cyd.zip is no zip archive that can be read (File is not a zip file)",
        "dan.tar": "dan.tar.gz is an archive of a kind that is not opened: hand in the file itself, or a .zip",
    }
    folders: dict[str, str | bytes] = {
        "ada/work.zip": packed,
        "bob/toy.py": CODE,
        "bob/old.zip": packed,
        "cyd/a.zip": packed,
        "cyd/b.zip": packed,
    }
    students = found(zipped(tmp_path / "folders.zip", folders))
    assert [students[name].file for name in ("ada", "bob")] == ["ada/work.zip/work/toy.py", "bob/toy.py"]
    assert students["cyd"].problem.endswith("; not opened: a.zip, b.zip")


@pytest.mark.parametrize("name", ["class.tar.gz", "class.7z", "class.RAR"])
def test_a_class_in_another_kind_of_archive(tmp_path: Path, name: str) -> None:
    """One sentence, and no student of that name."""
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(CourseError, match="not opened: unpack it, and give the folder"):
        discover(tmp_path / name, "toy")


def test_a_students_archive_can_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb, a path that leads out, a link, a pipe called so: a sentence, or what is honest in it."""
    monkeypatch.setattr(archives, "MAX_OWN_TOTAL_BYTES", 3 << 20)
    monkeypatch.setattr(archives, "MAX_OWN_MEMBERS", 5)
    home = tmp_path / "class"
    for name in ("bomb", "crowd", "escape", "link", "pipe"):
        (home / name).mkdir(parents=True)
    zipped(home / "bomb" / "b.zip", {"toy.py": bytes(9 << 20)})
    zipped(home / "crowd" / "c.zip", {f"{number}.py": CODE for number in range(6)})
    zipped(home / "escape" / "e.zip", {"../../toy.py": "evil = 1\n", "toy.py": CODE})
    (home / "link" / "l.zip").symlink_to(home / "escape" / "e.zip")
    os.mkfifo(home / "pipe" / "p.zip")
    students = found(home)
    assert {name: each.problem.partition(" (")[0] for name, each in students.items()} == {
        "bomb": "b.zip is no zip archive that can be read",
        "crowd": "c.zip is no zip archive that can be read",
        "escape": "",
        "link": "l.zip is a symbolic link, which is never followed",
        "pipe": "p.zip is a named pipe, which is never opened",
    }
    assert [cell.text for cell in students["escape"].cells] == [CODE]
    assert not (tmp_path / "toy.py").exists()


def test_canvas_of_a_group_a_text_and_of_nobody_by_name(tmp_path: Path) -> None:
    """Underscores in a name, what was typed into the page, and anonymous grading hide nobody else's work."""
    files: dict[str, str | bytes] = {
        "project_group_2a_101_5501_toy.py": CODE,
        "hoppergrace_LATE_102_text.html": "<p>my answer</p>",
        "turingalan_103_link.html": "<a>",
        "anon_aB3x_5504_toy.py": CODE,
        "LATE_anon_zZ9_5505_toy-1.py": CODE,
    }
    students = found(zipped(tmp_path / "submissions.zip", files))
    assert [name for name, each in students.items() if not each.problem] == [
        "anon_aB3x",
        "anon_zZ9",
        "project_group_2a_101",
    ]
    assert "text.html is no toy.py or toy.ipynb" in students["hoppergrace_102"].problem
    assert "link.html is no toy.py" in students["turingalan_103"].problem
    late = [name for name, each in students.items() if "handed in late, by Canvas" in each.notes]
    assert late == ["anon_zZ9", "hoppergrace_102"]


def test_moodle_with_other_kinds_of_answer(tmp_path: Path) -> None:
    """What a plugin of Moodle's collects beside files is no answer, and hides none; folders' names may end early."""
    files: dict[str, str | bytes] = {
        "Ada Lovelace_101_assignsubmission_file/toy.py": CODE,
        "Ada Lovelace_101_assignsubmission_onlineaudio_/take1.mp3": b"\0",
        "Participant 7_7_assignsubmission_file_/toy.ipynb": '{"cells": [{"cell_type": "code", "source": "x = 1"}]}',
    }
    students = found(zipped(tmp_path / "class.zip", files))
    assert {name: each.problem for name, each in students.items()} == {"Ada Lovelace_101": "", "Participant 7_7": ""}
