"""Downloads of learning management systems and forges, made here as they come, and archives made to harm."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.autograde.intake import archives
from grader.autograde.intake.downloads import original_name, read_downloads
from grader.autograde.intake.roster import read_roster
from grader.autograde.submissions import Submission, discover, renamed
from grader.core.errors import CourseError
from grader.tests.classroom import Command, hand_in, toy_course
from grader.tests.downloads import found, zipped
from grader.tests.toy import RIGHT, right_but

STUB = 'def double(x):\n    raise NotImplementedError("toy: double")\n'

CANVAS: Mapping[str, str | bytes] = {
    "lovelaceada_101_5501_toy.py": "ada = 1\n",
    "hoppergrace_LATE_102_5502_toy-2.py": "grace = 2\n",
    "hoppergrace_LATE_102_5502_toy-1.py": "grace = 1\n",
    "turingalan_103_5503_my work.ipynb": '{"cells": [{"cell_type": "code", "source": "alan = 1"}]}',
    "curiemarie_104_5504_work.zip": b"PK\x05\x06" + bytes(18),
    "noetheremmy_105_5505_a.py": "a = 1\n",
    "noetheremmy_105_5505_b.py": "b = 1\n",
}

MOODLE = {
    "Ada Lovelace_101_assignsubmission_file_/toy.py": "ada = 1\n",
    "Grace M_ Hopper_102_assignsubmission_file_/final.py": "grace = 1\n",
    "Alan Turing_103_assignsubmission_onlinetext_/onlinetext.html": "<p>done</p>",
}

GRADESCOPE = {
    "assignment_77_export/submission_metadata.yml": """---
submission_5501:
  :submitters:
  - :name: Ada Lovelace
    :sid: '101'
    :email: ada@example.org
  :created_at: 2026-11-20 10:00:00.000000000 Z
  :score: 0.0
submission_5502:
  :submitters:
  - :name: "Grace Hopper"
    :sid:
    :email: grace@example.org
  - :name: Alan Turing
    :sid: '103'
    :email: alan@example.org
  :created_at: 2026-11-20 11:00:00.000000000 Z
""",
    "assignment_77_export/submission_5501/toy.py": "ada = 1\n",
    "assignment_77_export/submission_5502/work.py": "grace = 1\n",
    "assignment_77_export/submission_5503/toy.py": "who = 1\n",
}


def code(submission: Submission) -> str:
    """A submission's text, or its problem."""
    return "".join(cell.text for cell in submission.cells).strip() or submission.problem


@pytest.mark.parametrize("archive", [True, False])
def test_canvas(tmp_path: Path, archive: bool) -> None:
    """Ids stay in the name, late marks become notes, the last of several attempts counts, whatever comes is listed."""
    path = zipped(tmp_path / "submissions.zip", CANVAS) if archive else hand_in(tmp_path / "class", CANVAS)
    submissions = found(path)
    assert {name: code(each) for name, each in submissions.items() if not each.problem} == {
        "lovelaceada_101": "ada = 1",
        "hoppergrace_102": "grace = 2",
        "turingalan_103": "alan = 1",
    }
    assert submissions["hoppergrace_102"].notes == ("handed in late, by Canvas",)
    assert "my work.ipynb was taken for toy" in submissions["turingalan_103"].notes[0]
    assert "work.zip" in submissions["curiemarie_104"].problem
    assert "several: a.py, b.py" in submissions["noetheremmy_105"].problem


@pytest.mark.parametrize("archive", [True, False])
def test_moodle(tmp_path: Path, archive: bool) -> None:
    """A folder a student, named by name and number; text typed into the page is no submission."""
    path = zipped(tmp_path / "A toy-5501.zip", MOODLE) if archive else hand_in(tmp_path / "class", MOODLE)
    assert {name: code(each) for name, each in found(path).items()} == {
        "Ada Lovelace_101": "ada = 1",
        "Grace M_ Hopper_102": "grace = 1",
        "Alan Turing_103": "no such file: the folder holds no toy.py or toy.ipynb",
    }


def test_moodle_without_folders(tmp_path: Path) -> None:
    """The other choice of its download page: all in one name."""
    files = {"Ada Lovelace_101_assignsubmission_file_toy.py": "ada = 1\n"}
    submissions = found(hand_in(tmp_path, files))
    assert {name: code(each) for name, each in submissions.items()} == {"Ada Lovelace_101": "ada = 1"}


@pytest.mark.parametrize("archive", [True, False])
def test_gradescope(tmp_path: Path, archive: bool) -> None:
    """The metadata says who handed in what, a group under all its names; a folder that it leaves out is kept."""
    if archive:
        path = zipped(tmp_path / "export.zip", GRADESCOPE)
    else:
        path = hand_in(tmp_path, GRADESCOPE) / "assignment_77_export"
    submissions = found(path)
    assert {name: code(each) for name, each in submissions.items()} == {
        "Ada Lovelace_101": "ada = 1",
        "Grace Hopper, Alan Turing_103": "grace = 1",
        "submission_5503": "who = 1",
    }
    assert submissions["submission_5503"].notes == ("submission_metadata.yml names nobody",)


def test_git_clones(tmp_path: Path) -> None:
    """What all names begin with is left out; the answer may lie where a bundle has it."""
    hand_in(
        tmp_path,
        {
            "hw-toy-ada/.git/HEAD": "ref: refs/heads/main\n",
            "hw-toy-ada/exercises/toy/toy.py": "ada = 1\n",
            "hw-toy-ada/exercises/other/other.py": "other = 1\n",
            "hw-toy-ada/setup.py": "setup = 1\n",
            "hw-toy-alan/.git": "gitdir: elsewhere\n",
            "hw-toy-alan/toy.py": "alan = 1\n",
            "hw-toy-grace/.git/HEAD": "ref: refs/heads/main\n",
        },
    )
    submissions = found(tmp_path)
    assert {name: code(each) for name, each in submissions.items()} == {
        "ada": "ada = 1",
        "alan": "alan = 1",
        "grace": "no such file: the folder holds no toy.py or toy.ipynb",
    }


def test_a_plain_folder_is_no_download(tmp_path: Path) -> None:
    """Names with a number or two are students', unless all are Canvas's."""
    hand_in(tmp_path, {"ada_1.py": "a = 1\n", "bob_2_3_toy.py": "b = 1\n", "cy/toy.py": "c = 1\n"})
    assert read_downloads(tmp_path) is None
    assert list(found(tmp_path)) == ["ada_1", "bob_2_3_toy", "cy"]


def test_an_archive_of_a_plain_folder(tmp_path: Path) -> None:
    """Is read as the folder would be, wrapped in one more or not."""
    files = {"class/ada/toy.py": "a = 1\n", "class/bob/toy.py": "b = 1\n", "__MACOSX/class/._ada": "x"}
    assert list(found(zipped(tmp_path / "wrapped.zip", files))) == ["ada", "bob"]
    plain = {"ada.py": "a = 1\n", "bob.py": "b = 1\n"}
    assert list(found(zipped(tmp_path / "plain.zip", plain))) == ["ada", "bob"]


@given(st.text(max_size=20), st.integers(1, 999), st.sampled_from([".py", ".ipynb"]))
def test_a_resubmissions_number_is_taken_off(stem: str, number: int, suffix: str) -> None:
    """And nothing else of the name."""
    assert original_name(f"x{stem}x-{number}{suffix}") == (f"x{stem}x{suffix}", number)


def hostile(file: Path) -> Path:
    """An archive whose members try to leave it, beside one honest file."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ada/toy.py", "a = 1\n")
        for name in ("../out.py", "/abs.py", "ada/../../out.py", "C:\\out.py", "..\\out.py", "ada/./x.py", "a//b.py"):
            archive.writestr(name, "evil = 1\n")
        link = zipfile.ZipInfo("link/toy.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        folder = zipfile.ZipInfo("eve")
        folder.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(folder, "/etc")
        archive.writestr("ada/toy.py/deeper.py", "evil = 1\n")
        archive.writestr(f"{'long/' * 200}toy.py", "evil = 1\n")
    return file


def test_no_member_leaves_the_folder(tmp_path: Path) -> None:
    """Neither by its path nor by being a link; what is honest is read."""
    with archives.unpacked(hostile(tmp_path / "class.zip")) as folder:
        files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
        assert [path for path in folder.rglob("*") if path.is_symlink()] == []
        assert files == ["ada", "ada/toy.py"]
    assert not folder.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.zip"]
    assert list(found(tmp_path / "class.zip")) == ["ada"]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what comes out, not by what a member says of itself; a single large file is cut where no submission is."""
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 3 << 20)
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 8 << 20)
    zeros = bytes(20 << 20)
    large = zipped(tmp_path / "large.zip", {"ada/toy.py": zeros, "bob/toy.py": "b = 1\n"})
    assert found(large)["bob"].problem == ""
    assert "larger than" in found(large)["ada"].problem
    with pytest.raises(CourseError, match="unpacks to more"):
        found(zipped(tmp_path / "many.zip", {f"s{number}/toy.py": zeros for number in range(9)}))
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    with pytest.raises(CourseError, match="more than 10 files"):
        found(zipped(tmp_path / "crowd.zip", {f"s{number}.py": "x = 1\n" for number in range(11)}))


@given(data=st.binary(max_size=300))
def test_any_bytes_called_zip(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """End in one sentence."""
    file = tmp_path_factory.mktemp("zip") / "class.zip"
    file.write_bytes(data)
    with pytest.raises(CourseError, match="download it again|no submission"):
        discover(file, "toy")


@pytest.mark.parametrize("where", ["header", "middle", "end"])
def test_a_damaged_archive(tmp_path: Path, where: str) -> None:
    """Cut off, or with bytes changed: a sentence, or what is whole; never a traceback."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"s{number}/toy.py", os.urandom(200).hex())
    data = bytearray(buffer.getvalue())
    place = {"header": 20, "middle": len(data) // 3, "end": len(data) - 30}[where]
    data[place : place + 15] = bytes(15)
    file = tmp_path / "class.zip"
    file.write_bytes(bytes(data))
    try:
        assert discover(file, "toy")
    except CourseError as error:
        assert "download it again" in str(error)


ROSTER = """student,name,canvas id,section,mail
al,Ada Lovelace,101,A,ada@example.org
gh,Grace Hopper,102,A,grace@example.org
at,Alan Turing,103,B,alan@example.org
"""


def test_a_roster_names_students_whatever_they_are_called(tmp_path: Path) -> None:
    """By id, name or address; what several share is nobody's; who is on it and not there is missing."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8-sig")
    roster = read_roster(tmp_path / "roster.csv")
    assert [roster.find(name) for name in ("lovelaceada_101", "Grace Hopper_7", "ALAN@example.org", "A", "x_9")] == [
        "al",
        "gh",
        "at",
        None,
        None,
    ]
    assert roster.missing(["al", "at"]) == ("gh",)
    hand_in(tmp_path / "class", {"Ada Lovelace.py": "a = 1\n", "stranger.py": "s = 1\n", "al.py": STUB})
    submissions = {each.student: each for each in renamed(discover(tmp_path / "class", "toy"), roster, "toy")}
    assert set(submissions) == {"al", "stranger"}
    assert code(submissions["al"]) == "a = 1"
    assert "al.py" in submissions["al"].notes[-1]
    assert submissions["stranger"].notes == ("not on the roster",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names nobody"),
        ("student\n", "names nobody"),
        ("student,id\nada,1\nada,2\n", "twice"),
        ("id,student\n1,\n", "no student in row 2"),
        ('student\n"ada\n', "no CSV file"),
    ],
)
def test_a_roster_that_is_none(tmp_path: Path, text: str, says: str) -> None:
    """One sentence says what to mend."""
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.slow
def test_a_download_is_graded_and_who_is_missing_is_told(tmp_path: Path, grader: Command) -> None:
    """From Canvas's archive to the grades, under the roster's names."""
    toy_course(tmp_path)
    files = {
        "lovelaceada_101_5501_toy.py": RIGHT,
        "hoppergrace_LATE_102_5502_toy-1.py": right_but("def double(x):\n    return x * x\n"),
    }
    zipped(tmp_path / "submissions.zip", files)
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    ran = grader(tmp_path, "grade", "toy", "submissions.zip", "--roster", "roster.csv", "--jobs", "1")
    assert ran.code == 0
    assert "1 on the roster handed in nothing: at" in ran.err
    assert "<strong>Not handed in</strong> <bdi>at</bdi></p>" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "gh" in ran.out
    assert "handed in late" in (tmp_path / "out" / "feedback" / "gh.txt").read_text("utf-8")
    assert "Score: 30 of 30" in (tmp_path / "out" / "feedback" / "al.txt").read_text("utf-8")


@pytest.mark.parametrize("odd", ["eve/.git/config", "Eve_1_assignsubmission_file_/toy.py"])
def test_one_odd_name_hides_nobody(tmp_path: Path, odd: str) -> None:
    """A folder that looks like another kind of download, among plain ones, leaves the others' work where it is."""
    for name in ("ada/toy.py", "bob/toy.py", "eve/toy.py", odd):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("def double(x):\n    return x + x\n")
    assert {"ada", "bob", "eve"} <= {submission.student for submission in discover(tmp_path, "toy")}
