"""topic.toml: what it says is read exactly, and each mistake in it is one sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.errors import CourseError
from grader.core.topic import Limits, Tolerance, Topic, TopicFile, find_topics, read_topic

LEAST = """
title = "Adding"
order = 3
runtime = "numpy"

[[tasks]]
name = "add"
points = 10
"""

FULL = """
title = "Adding"
order = 3
runtime = "torch"
kind = "review"
prerequisites = ["counting"]
unlocks = ["multiplying", "powers_2"]
difficulty = 4
minutes = 45

[[tasks]]
name = "add"
points = 10
hints = ["Count.", "Count on your fingers.", "a + b"]

[[tasks]]
name = "Adder"
points = 2.5

[limits]
call_seconds = 1
check_seconds = 2.5
submission_seconds = 9
memory_mb = 64
restarts = 1

[tolerance]
rtol = 0
atol = 1e-3

[[banned]]
name = "math.fsum"
instead = "a loop"

[[banned]]
name = "torch"
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """``write(text, slug)`` makes the folder of a topic whose topic.toml is ``text``."""

    def write(text: str | bytes, slug: str = "adding") -> Path:
        folder = tmp_path / slug
        folder.mkdir(exist_ok=True)
        (folder / "topic.toml").write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return write


def refused(folder: Path) -> str:
    """Why the topic can't be read, without the path that every such sentence begins with."""
    with pytest.raises(CourseError) as error:
        read_topic(folder)
    text = str(error.value)
    assert "\n" not in text
    return text.removeprefix(str(folder / "topic.toml")).lstrip(":, ")


# ------------------------------------------------------------------------------------------------- what is right


def test_the_least_topic_has_defaults(write: Write) -> None:
    """Title, order, runtime and a task are needed; the rest is said for you."""
    topic = read_topic(write(LEAST))
    config = topic.config
    assert (config.title, config.order, config.runtime, config.kind) == ("Adding", 3, "numpy", "exercise")
    assert config.limits == Limits() and config.tolerance == Tolerance()
    assert (config.prerequisites, config.unlocks, config.banned, config.tasks[0].hints) == ((), (), (), ())
    assert topic.points == 10.0


def test_every_key_is_read(write: Write) -> None:
    """None is taken for its neighbour."""
    config = read_topic(write(FULL)).config
    assert (config.runtime, config.kind, config.difficulty, config.minutes) == ("torch", "review", 4, 45)
    assert config.prerequisites == ("counting",) and config.unlocks == ("multiplying", "powers_2")
    assert [(task.name, task.points, len(task.hints)) for task in config.tasks] == [("add", 10.0, 3), ("Adder", 2.5, 0)]
    assert msgspec.structs.astuple(config.limits) == (1.0, 2.5, 9.0, 64, 1)
    assert msgspec.structs.astuple(config.tolerance) == (0.0, 1e-3)
    assert [(ban.name, ban.instead) for ban in config.banned] == [("math.fsum", "a loop"), ("torch", "")]


def test_a_topic_knows_where_its_parts_lie(write: Write) -> None:
    """By its folder's name; what is optional is None until it is there."""
    folder = write(LEAST)
    topic = read_topic(folder)
    assert (topic.slug, topic.reference, topic.tests) == ("adding", folder / "adding.py", folder / "tests")
    assert (topic.support, topic.probes) == (None, None)
    (folder / "support.py").write_text("GREETING = 'grüezi'\n", encoding="utf-8")
    (folder / "probes.py").write_text("", encoding="utf-8")
    assert (topic.support, topic.probes) == ("GREETING = 'grüezi'\n", "")


def test_a_part_that_is_no_text_is_the_authors_to_mend(write: Write) -> None:
    """Latin-1 is no UTF-8, and a folder is no file."""
    folder = write(LEAST)
    (folder / "support.py").write_bytes("# gr\xfcezi".encode("latin-1"))
    (folder / "probes.py").mkdir()
    topic = read_topic(folder)
    with pytest.raises(CourseError, match=r"support\.py can't be read as UTF-8 text"):
        _ = topic.support
    with pytest.raises(CourseError, match=r"probes\.py can't be read as UTF-8 text"):
        _ = topic.probes


def test_a_task_is_found_by_name(write: Write) -> None:
    """Or the names there are are given."""
    topic = read_topic(write(FULL))
    assert topic.task("Adder").points == 2.5
    with pytest.raises(CourseError, match=r"^adding has no task 'sub'; its tasks are add, Adder$"):
        topic.task("sub")


def test_topics_come_in_syllabus_order(write: Write, tmp_path: Path) -> None:
    """By their order numbers; a folder without topic.toml is none of them."""
    write(LEAST.replace("order = 3", "order = 20"), "first")
    write(LEAST, "second")
    (tmp_path / "notes").mkdir()
    assert [topic.slug for topic in find_topics(tmp_path)] == ["second", "first"]
    write(LEAST, "third")
    with pytest.raises(CourseError, match="^second and third both have order = 3$"):
        find_topics(tmp_path)


def test_no_topics_are_no_error(tmp_path: Path) -> None:
    """An empty course is empty."""
    assert find_topics(tmp_path) == []


# ------------------------------------------------------------------------------------------------- unknown keys


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ('tittle = "Adding"', "unknown key 'tittle'; did you mean 'title'?"),
        ("dificulty = 1", "unknown key 'dificulty'; did you mean 'difficulty'?"),
        ('prerequisite = ["a"]', "unknown key 'prerequisite'; did you mean 'prerequisites'?"),
        ("Minutes = 5", "unknown key 'Minutes'; did you mean 'minutes'?"),
        ("[tolerances]\nrtol = 1", "unknown key 'tolerances'; did you mean 'tolerance'?"),
        ("[tolerance]\na_tol = 1", "[tolerance]: unknown key 'a_tol'; did you mean 'atol'?"),
        ("[tolerance]\nrelative = 1", "[tolerance]: unknown key 'relative'; the keys are rtol, atol"),
        ("[limits]\nmemory = 1", "[limits]: unknown key 'memory'; did you mean 'memory_mb'?"),
        ("[limits]\ncall_second = 1", "[limits]: unknown key 'call_second'; did you mean 'call_seconds'?"),
        ('[[ban]]\nname = "x"', "unknown key 'ban'; did you mean 'banned'?"),
        ('[[banned]]\nname = "x"\n[[banned]]\nnames = "y"', "banned 2: unknown key 'names'; did you mean 'name'?"),
        ('[[tasks]]\nname = "b"\npoint = 1', "tasks 2: unknown key 'point'; did you mean 'points'?"),
        ('[[tasks]]\nname = "b"\nhint = []', "tasks 2: unknown key 'hint'; did you mean 'hints'?"),
        ('"" = 1', "unknown key ''; the keys are title, order, tasks, runtime, kind"),
    ],
)
def test_an_unknown_key_names_the_nearest_right_one(write: Write, extra: str, why: str) -> None:
    """Wherever it is; a misspelt tolerance that is silently ignored changes grades."""
    text = LEAST + extra if extra.startswith("[") else extra + LEAST
    assert refused(write(text)).startswith(why)


@pytest.mark.parametrize("key", TopicFile.__struct_fields__)
def test_every_key_is_found_by_a_misspelling(write: Write, key: str) -> None:
    """A letter doubled is enough for anyone to see what was meant."""
    assert f"did you mean {key!r}?" in refused(write(f"{key}{key[-1]} = 1\n" + LEAST))


# ------------------------------------------------------------------------------------------------- nonsense


def changed(old: str, new: str) -> str:
    """The full topic with one piece of it changed."""
    assert FULL.count(old) >= 1
    return FULL.replace(old, new, 1)


NONSENSE: list[tuple[str | bytes, str]] = [
    (changed('title = "Adding"', ""), "Object missing required field `title`"),
    (changed("order = 3", ""), "Object missing required field `order`"),
    (changed("points = 10", ""), "Object missing required field `points` - at `$.tasks[0]`"),
    (changed('name = "math.fsum"', ""), "Object missing required field `name` - at `$.banned[0]`"),
    (changed('title = "Adding"', "title = 3"), "Expected `str`, got `int` - at `$.title`"),
    (changed('title = "Adding"', 'title = " "'), "title must not be empty"),
    (changed("order = 3", "order = 3.5"), "Expected `int`, got `float` - at `$.order`"),
    (changed("order = 3", "order = true"), "Expected `int`, got `bool` - at `$.order`"),
    (changed("order = 3", "order = 2020-01-01"), "Expected `int`, got"),
    (changed('"torch"', '"tensorflow"'), "Invalid enum value 'tensorflow' - at `$.runtime`"),
    (changed('"review"', '"exam"'), "Invalid enum value 'exam' - at `$.kind`"),
    (changed("difficulty = 4", "difficulty = 5"), "difficulty is 1 to 4, not 5"),
    (changed("difficulty = 4", "difficulty = 0"), "difficulty is 1 to 4, not 0"),
    (changed("minutes = 45", "minutes = 0"), "minutes must be above 0, not 0"),
    (changed('["counting"]', '"counting"'), "Expected `array`, got `str` - at `$.prerequisites`"),
    (
        changed('"counting"', '"Counting Sheep"'),
        "prerequisites and unlocks name other topics by slug; 'Counting Sheep'",
    ),
    (changed('"counting"', '"adding"'), "prerequisites and unlocks name other topics by slug; 'adding' is none"),
    (changed('"multiplying"', '""'), "prerequisites and unlocks name other topics by slug; '' is none"),
    (changed('name = "Adder"', 'name = "add"'), "two tasks have the same name"),
    (changed('name = "Adder"', 'name = ""'), "task '' must be named as its function or class is"),
    (changed('name = "Adder"', 'name = "the adder"'), "task 'the adder' must be named as its function or class is"),
    (changed("points = 2.5", "points = 0"), "task 'Adder' needs points above 0, not 0.0"),
    (changed("points = 2.5", "points = -1"), "task 'Adder' needs points above 0, not -1.0"),
    (changed("points = 2.5", "points = nan"), "task 'Adder' needs points above 0, not nan"),
    (changed("points = 2.5", "points = inf"), "task 'Adder' needs points above 0, not inf"),
    (changed("points = 2.5", f"points = 1{'0' * 400}"), "Number out of range - at `$.tasks[1].points`"),
    (changed("points = 2.5", 'points = "2.5"'), "Expected `float`, got `str` - at `$.tasks[1].points`"),
    (changed('["Count.",', "[1,"), "Expected `str`, got `int` - at `$.tasks[0].hints[0]`"),
    (changed("call_seconds = 1", "call_seconds = 0"), "limits.call_seconds must be above 0, not 0.0"),
    (changed("check_seconds = 2.5", "check_seconds = -1"), "limits.check_seconds must be above 0, not -1.0"),
    (
        changed("submission_seconds = 9", "submission_seconds = inf"),
        "limits.submission_seconds must be above 0, not inf",
    ),
    (
        changed("submission_seconds = 9", "submission_seconds = nan"),
        "limits.submission_seconds must be above 0, not nan",
    ),
    (changed("memory_mb = 64", "memory_mb = 0"), "limits.memory_mb must be above 0, not 0"),
    (changed("memory_mb = 64", "memory_mb = 64.5"), "Expected `int`, got `float` - at `$.limits.memory_mb`"),
    (changed("restarts = 1", "restarts = -1"), "limits.restarts must be above 0, not -1"),
    (changed("rtol = 0", "rtol = -1e-9"), "tolerance.rtol must be 0 or above, not -1e-09"),
    (changed("rtol = 0", "rtol = nan"), "tolerance.rtol must be 0 or above, not nan"),
    (changed("atol = 1e-3", "atol = inf"), "tolerance.atol must be 0 or above, not inf"),
    (changed('"math.fsum"', '"math."'), "banned name 'math.' is no dotted name such as 'numpy.convolve'"),
    (changed('"math.fsum"', '"math.*"'), "banned name 'math.*' is no dotted name such as 'numpy.convolve'"),
    (changed('"math.fsum"', '""'), "banned name '' is no dotted name such as 'numpy.convolve'"),
    (changed('"math.fsum"', '"import math"'), "banned name 'import math' is no dotted name"),
    ('title = "x"\norder = 1\nruntime = "numpy"\ntasks = []', "a topic needs at least one [[tasks]]"),
    ('title = "x"\norder = 1\nruntime = "numpy"\ntasks = [1]', "Expected `object`, got `int` - at `$.tasks[0]`"),
    ('title = "x"\norder = 1\nruntime = "numpy"\ntasks = 1', "Expected `array`, got `int` - at `$.tasks`"),
    ('title = "x"\norder = 1\nruntime = "numpy"\n[tasks]\nname = "x"', "Expected `array`, got `object` - at `$.tasks`"),
    ("limits = 1" + LEAST, "Expected `object`, got `int` - at `$.limits`"),
    ("", "Object missing required field `title`"),
    ("title = ", "is no valid TOML: Invalid value (at "),
    ("title = 1\ntitle = 2", "is no valid TOML: Cannot overwrite a value"),
    ("order = " + "9" * 5000, "is no valid TOML: Exceeds the limit (4300 digits)"),
    ("order = " + "[" * 5000, "is no valid TOML: maximum recursion depth exceeded"),
    (b'title = "\xff"', "is no valid TOML: 'utf-8' codec can't decode"),
    (b"\x00", "is no valid TOML: Invalid statement"),
]


@pytest.mark.parametrize(("text", "why"), NONSENSE, ids=[why for _, why in NONSENSE])
def test_every_nonsense_value_has_a_sentence(write: Write, text: str | bytes, why: str) -> None:
    """It says which key is wrong, and what it may be."""
    assert refused(write(text)).startswith(why)


def test_a_folder_without_topic_toml_is_no_topic(tmp_path: Path) -> None:
    """Nor is a file, nor a folder that is not there."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for name in ("empty", "file", "absent"):
        with pytest.raises(CourseError, match=r"is no topic: it has no topic\.toml$"):
            read_topic(tmp_path / name)


def test_a_topic_toml_that_is_a_folder_can_not_be_read(tmp_path: Path) -> None:
    """The sentence gives the system's reason."""
    (tmp_path / "adding" / "topic.toml").mkdir(parents=True)
    with pytest.raises(CourseError, match=r"topic\.toml can't be read: Is a directory$"):
        read_topic(tmp_path / "adding")


@pytest.mark.parametrize("name", ["Adding", "2d", "add-ing", "add.ing", "_adding", "äpfel", "a b"])
def test_a_slug_is_a_module_name(write: Write, name: str) -> None:
    """The folder's name is a module's, a tox environment's and a page's too."""
    folder = write(LEAST, name)
    with pytest.raises(CourseError, match="^" + re.escape(f"{name!r} is no slug: use lower-case letters, digits")):
        read_topic(folder)


_toml = st.recursive(
    st.one_of(
        st.integers(-5, 10).map(str),
        st.sampled_from(
            ["true", "inf", "-inf", "nan", "1e400", "0.5", "2020-01-01", "07:00:00", '""', '"x"', "[]", "{}"]
        ),
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.tuples(st.sampled_from(["name", "points", "rtol", "zzz"]), inner).map(
            lambda pair: f"{{{pair[0]} = {pair[1]}}}"
        )
    ),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(changes=st.dictionaries(st.sampled_from([*TopicFile.__struct_fields__, "colour"]), _toml, max_size=3))
def test_any_values_are_a_topic_or_a_course_error(
    changes: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Never another exception, whatever stands where."""
    keys = {"title": '"x"', "order": "1", "runtime": '"numpy"', "tasks": '[{name = "f", points = 1}]', **changes}
    folder = tmp_path_factory.getbasetemp() / "any_values"
    folder.mkdir(exist_ok=True)
    (folder / "topic.toml").write_text("\n".join(f"{key} = {value}" for key, value in keys.items()))
    try:
        topic = read_topic(folder)
    except CourseError as error:
        assert str(error).startswith(str(folder))
    else:
        assert isinstance(topic, Topic) and topic.points > 0
