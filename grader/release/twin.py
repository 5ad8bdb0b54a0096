"""The twin of a topic: ``exercises/<slug>/``, all a student may see of it, made from ``solutions/<slug>/``.

The lesson's pictures go along as they are, in a folder of the same name: its links to them hold in the notebook, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.core.errors import CourseError
from grader.core.review import KEY, Review, pack_key
from grader.core.topic import PRISTINE, Topic, required_text
from grader.release.notebook import make_notebook
from grader.release.stub import released_source

FIGURES = "figures"
"""The folder of a topic, and of its twin, that holds the lesson's pictures."""

MISTAKES = "mistakes.json"
"""The file of a topic, and of its twin, by which a student's own check names mistakes."""

_LEFT_BY_TOOLS = frozenset({"__pycache__", ".ipynb_checkpoints", ".pytest_cache"})


def derive(topic: Topic) -> dict[str, bytes]:
    """The files of the twin by name, always the same bytes for the same topic.

    CourseError if the topic lacks its lesson, reference or public tests, can't be made a stub, or keeps something in
    ``figures/`` that is no picture.
    """
    slug = topic.slug
    lesson = required_text(topic.path / "README.md")
    stub = released_source(topic)
    files = {
        "README.md": lesson,
        f"{slug}.py": stub,
        PRISTINE: stub,
        "test_public.py": required_text(topic.tests / "test_public.py"),
        # Titles, points, limits and hints: `course check` needs them, and none of them is an answer.
        "topic.toml": required_text(topic.path / "topic.toml"),
    }
    if (topic.path / MISTAKES).is_file():
        # Digests of wrong answers to public checks, made by `grader release`.
        files[MISTAKES] = required_text(topic.path / MISTAKES)
    if topic.support is not None:
        files["support.py"] = topic.support
    if topic.probes is not None:
        # Public checks ask the same probes as hidden ones; a probe holds no expected value.
        files["probes.py"] = topic.probes
    twin = {name: files[name].encode() for name in sorted(files)} | _figures(topic)
    if topic.config.kind == "review":
        # It is read and marked by line, which a notebook has none of; a review earns no grade, so its key may go along.
        return twin | {KEY: pack_key(Review(topic).key())}
    tasks = [task.name for task in topic.config.tasks]
    return twin | {f"{slug}.ipynb": make_notebook(stub, lesson, slug, tasks)}


def write_twin(topic: Topic, exercises: Path) -> None:
    """Write the twin into ``exercises/<slug>/``; what lies there beside it is left alone, and is stale.

    CourseError if a file stands where a folder has to be.
    """
    folder = exercises / topic.slug
    files = derive(topic)
    for name, content in files.items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise CourseError(f"{file.parent} has to be a folder: move what stands there") from None
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)


def stale(topic: Topic, exercises: Path) -> list[str]:
    """What is wrong with the twin, a line a file: missing, different from what the topic gives, or stray."""
    folder = exercises / topic.slug
    files = derive(topic)
    found = set(_present(folder))
    faults = []
    for name in sorted(files.keys() | found):
        if name not in found:
            faults.append(f"{topic.slug}/{name} is missing")
        elif name not in files:
            faults.append(f"{topic.slug}/{name} is stray: nothing in solutions/{topic.slug} makes it")
        elif not (folder / name).is_file() or (folder / name).read_bytes() != files[name]:
            faults.append(f"{topic.slug}/{name} is not what solutions/{topic.slug} makes now")
    return faults


def _figures(topic: Topic) -> dict[str, bytes]:
    """The pictures by their name in the twin; nothing else may hide among what is handed out unread."""
    folder = topic.path / FIGURES
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CourseError(f"{folder} has to be a folder of .svg files")
    figures = {}
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.is_symlink() or not file.is_file() or file.suffix != ".svg":
            raise CourseError(f"{file} is no .svg file: only pictures are released from {FIGURES}/, move it elsewhere")
        figures[f"{FIGURES}/{file.name}"] = file.read_bytes()
    return figures


def _present(folder: Path) -> Iterator[str]:
    """What lies in a twin's folder, by the names that :func:`derive` gives."""
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name == FIGURES and entry.is_dir():
            yield from (f"{FIGURES}/{figure.name}" for figure in entry.iterdir() if figure.name not in _LEFT_BY_TOOLS)
        elif entry.name not in _LEFT_BY_TOOLS:
            yield entry.name
