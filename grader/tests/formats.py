"""Results as Gradescope and Classroom 50 document them, and JUnit's XML as Jenkins' schema has it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, Literal

import msgspec

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]


Format = Literal["text", "html", "simple_format", "md", "ansi"]


class GradescopeTest(msgspec.Struct, forbid_unknown_fields=True):
    """The documented fields of a test."""

    score: float | None = None
    max_score: float | None = None
    status: Literal["passed", "failed"] | None = None
    name: str = ""
    name_format: Format = "text"
    number: str = ""
    output: str = ""
    output_format: Format = "text"
    tags: list[str] = []
    visibility: Visibility = "visible"
    extra_data: dict[str, Any] = {}


class Gradescope(msgspec.Struct, forbid_unknown_fields=True):
    """The documented fields of results.json."""

    tests: list[GradescopeTest]
    score: float | None = None
    execution_time: int | None = None
    output: str = ""
    output_format: Format = "text"
    test_output_format: Format = "text"
    test_name_format: Format = "text"
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    extra_data: dict[str, Any] = {}
    leaderboard: list[dict[str, Any]] = []


class Classroom50Test(msgspec.Struct, rename="kebab"):
    """One test of the contract."""

    test_name: str
    passed: bool
    score: int
    max_score: int
    points: float


class Classroom50(msgspec.Struct, rename={"max_score": "max-score"}, forbid_unknown_fields=True):
    """The contract, version 1."""

    schema: Literal["classroom50/result/v1"]
    classroom: str
    assignment: str
    assignment_type: Literal["individual", "group"]
    owner: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str
    score: int
    max_score: int
    tests: list[Classroom50Test]


JUNIT: dict[str, tuple[set[str], set[str], list[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors", "disabled"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"time", "disabled", "skipped", "timestamp", "hostname", "id", "package"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), set(), ["property"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": (
        {"name", "classname"},
        {"assertions", "time", "status"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "skipped": (set(), {"type", "message"}, []),
    "error": (set(), {"type", "message"}, []),
    "failure": (set(), {"type", "message"}, []),
}
"""For each element: attributes that it must have, and may have, and what it holds, in this order."""


def breaches(element: ET.Element) -> list[str]:
    """What in a document is not as :data:`JUNIT` says."""
    must, may, inner = JUNIT[element.tag]
    tags = [child.tag for child in element]
    found = [f"{element.tag} lacks {name}" for name in must - set(element.attrib)]
    found += [f"{element.tag} has {name}" for name in set(element.attrib) - must - may]
    found += [f"{element.tag} holds {tag}" for tag in tags if tag not in inner]
    counts = {"tests", "failures", "errors", "skipped", "disabled"} & set(element.attrib)
    found += [f"{element.tag}: {name} is no count" for name in counts if not element.attrib[name].isdecimal()]
    if not found and tags != sorted(tags, key=inner.index):
        found = [f"{element.tag} holds its parts in another order"]
    return found + [each for child in element if child.tag in JUNIT for each in breaches(child)]
