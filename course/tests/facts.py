"""Facts of the study material: lines ``expression = value`` that are evaluated, and numbers that need one."""

from __future__ import annotations

import builtins
import math
import re
from typing import Any

from course.technical import formulas
from course.tests.references import dense_parameters, field, macs, parameters

SMALL = 12
"""Whole numbers up to this one need no computation: kernel sizes, counts of a sentence, exponents."""
NAMES = re.compile(r"\b(VGG|ResNet|float|Python)-?\d+|\d+D\b|\d+°|\d+x\d+")


def namespace() -> dict[str, Any]:
    """What a fact may use."""
    given = {name: value for name, value in vars(formulas).items() if callable(value)}
    plain = {name: getattr(math, name) for name in ("sqrt", "log", "exp", "e", "pi")}
    builtin = {name: getattr(builtins, name) for name in ("round", "max", "min", "int", "sum", "abs")}
    ours = {"parameters": parameters, "dense_parameters": dense_parameters, "macs": macs, "field": field}
    return {"__builtins__": {}, **builtin, **plain, **given, **ours}


def numbers(text: str) -> set[float]:
    """The numbers that a text mentions, without names such as VGG-16 and sizes such as 3x3."""
    text = NAMES.sub(" ", text.replace("{,}", ","))
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
    return {float(number.replace(",", "")) for number in found}


def check_fact(fact: str) -> float:
    """The fact's value, asserted."""
    expression, value = fact.rsplit(" = ", 1)
    actual = eval(expression, namespace())
    assert float(value) == actual, fact
    return float(actual)


def check_numbers(text: str, facts: tuple[str, ...], given: tuple[str, ...] = ()) -> None:
    """Every number of ``text`` is a fact's value, stands in a fact's expression, is given, or is small and whole."""
    known = {check_fact(fact) for fact in facts} | {n for line in (*facts, *given) for n in numbers(line)}
    unknown = {n for n in numbers(text) if n not in known and not (n.is_integer() and n <= SMALL)}
    assert set() == unknown
