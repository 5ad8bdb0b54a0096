"""Results as Gradescope and Classroom 50 document them."""

from __future__ import annotations

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
