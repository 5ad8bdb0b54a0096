"""The twin of a topic: ``exercises/<slug>/``, all a student may see of it, made from ``solutions/<slug>/``."""

from __future__ import annotations

from pathlib import Path

from grader.core.errors import CourseError
from grader.core.topic import Topic
from grader.release.notebook import make_notebook
from grader.release.stub import make_stub

_LEFT_BY_TOOLS = frozenset({"__pycache__", ".ipynb_checkpoints", ".pytest_cache"})


def derive(topic: Topic) -> dict[str, bytes]:
    """The files of the twin by name, always the same bytes for the same topic.

    CourseError if the topic lacks its lesson, reference or public tests, or can't be made a stub.
    """
    slug = topic.slug
    lesson = _text(topic.path / "README.md")
    stub = make_stub(_text(topic.reference), slug)
    files = {
        "README.md": lesson,
        f"{slug}.py": stub,
        "test_public.py": _text(topic.tests / "test_public.py"),
        # Titles, points, limits and hints: `course check` needs them, and none of them is an answer.
        "topic.toml": _text(topic.path / "topic.toml"),
    }
    if topic.support is not None:
        files["support.py"] = topic.support
    if topic.probes is not None:
        # Public checks ask the same probes as hidden ones; a probe holds no expected value.
        files["probes.py"] = topic.probes
    tasks = [task.name for task in topic.config.tasks]
    return {name: files[name].encode() for name in sorted(files)} | {
        f"{slug}.ipynb": make_notebook(stub, lesson, slug, tasks)
    }


def write_twin(topic: Topic, exercises: Path) -> None:
    """Write the twin into ``exercises/<slug>/``; what lies there beside it is left alone, and is stale."""
    folder = exercises / topic.slug
    files = derive(topic)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)


def stale(topic: Topic, exercises: Path) -> list[str]:
    """What is wrong with the twin, a line a file: missing, different from what the topic gives, or stray."""
    folder = exercises / topic.slug
    files = derive(topic)
    found = {file.name for file in folder.iterdir()} - _LEFT_BY_TOOLS if folder.is_dir() else set()
    faults = []
    for name in sorted(files.keys() | found):
        if name not in found:
            faults.append(f"{topic.slug}/{name} is missing")
        elif name not in files:
            faults.append(f"{topic.slug}/{name} is stray: nothing in solutions/{topic.slug} makes it")
        elif not (folder / name).is_file() or (folder / name).read_bytes() != files[name]:
            faults.append(f"{topic.slug}/{name} is not what solutions/{topic.slug} makes now")
    return faults


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{file} is missing: every topic has one") from None
    except UnicodeDecodeError:
        raise CourseError(f"{file} is not valid UTF-8") from None
