"""Grades as JUnit's XML, which every continuous integration shows: a suite a student and topic, a case a check."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from grader.core.grade import CheckGrade, Grade
from grader.core.verdict import Verdict
from grader.lms.grades import TopicGrades, points
from grader.report import plain
from grader.report.verdicts import LABEL


def junit_xml(topics: Sequence[TopicGrades]) -> str:
    """The document, in UTF-8 with its declaration."""
    root = ET.Element("testsuites")
    for each in topics:
        for grade in each.grades:
            root.append(_suite(each.topic, grade))
    # The format has no sum of skipped ones here.
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(topic: str, grade: Grade) -> ET.Element:
    suite = ET.Element("testsuite", name=f"{topic}: {plain.line(grade.student)}", time=f"{grade.seconds:.3f}")
    found = ET.SubElement(suite, "properties")
    for name, value in (("score", points(grade.score)), ("max_score", points(grade.max_score))):
        ET.SubElement(found, "property", name=name, value=value)
    cases = [_case(topic, check) for check in grade.checks]
    if not grade.gradable:
        case = ET.Element("testcase", classname=topic, name="gradable", time="0")
        ET.SubElement(case, "error", message="not gradable").text = "\n".join(map(plain.line, grade.flags))
        cases.append(case)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    return suite


def _case(topic: str, check: CheckGrade) -> ET.Element:
    case = ET.Element("testcase", classname=f"{topic}.{check.task}", name=plain.line(check.title), time="0")
    if check.verdict is Verdict.PASSED:
        return case
    tag = {Verdict.SKIPPED: "skipped", Verdict.INTERNAL_ERROR: "error"}.get(check.verdict, "failure")
    entry = ET.SubElement(case, tag, message=LABEL[check.verdict])
    if tag != "skipped":
        entry.set("type", check.verdict.value)
    entry.text = plain.text(check.message)
    return case
