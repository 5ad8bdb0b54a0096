"""The sample class: a topic's known answers handed in by anonymous students, some as notebooks, some broken.

Made from files that are in the course anyway, so that there is always a class to grade, and always the same one.
"""

from __future__ import annotations

import random
from pathlib import Path

from grader.core.answer import known_answers
from grader.core.topic import Topic
from grader.release.notebook import make_notebook
from grader.release.stub import released_source

NOTEBOOK_EVERY = 3

MOST_ANSWERS = 12
"""Enough to see a class; a topic may know many more answers."""


def write_sample_class(topic: Topic, folder: Path) -> int:
    """Write one file a student into ``folder`` (made if missing); returns how many students there are."""
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [task.name for task in topic.config.tasks]
    reference = topic.reference.read_text(encoding="utf-8")
    texts = [answer.text for answer in known_answers(topic)] + [released_source(topic)]
    # By topic, and the same every time: who is who must not be read off the order.
    random.Random(topic.slug).shuffle(texts)
    del texts[MOST_ANSWERS:]
    files: list[tuple[str, bytes]] = []
    for number, text in enumerate(texts):
        if number % NOTEBOOK_EVERY == 0:
            files.append((".ipynb", make_notebook(text, f"# {topic.config.title}", topic.slug, tasks)))
        else:
            files.append((".py", text.encode()))
    half = reference.encode()[: len(reference) // 2]
    files += [
        (".py", half + b"\n    if ("),
        (".py", b""),
        (".py", b"\x00\xff\xfe not a program"),
        (".ipynb", make_notebook(reference, "# cut off", topic.slug, tasks)[:-200]),
        (".py", b"raise RuntimeError('this file was never run by its author')\n"),
    ]
    for number, (suffix, content) in enumerate(files, start=1):
        (folder / f"student-{number:02}{suffix}").write_bytes(content)
    return len(files)
