"""A wrong choice is wrong by more than rounding."""

from __future__ import annotations

import re
from random import Random

import pytest

from course.technical import GENERATORS
from course.technical.item import NEAR, Draft, Generator, decimal

SHOWN = re.compile(r"-?\d+\.\d+(?: %)?")


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: generator.kind)
def test_shares_and_rates_on_offer_differ_from_the_right_one(generator: Generator) -> None:
    """By at least one per cent, up to the rounding of what is shown: 0.853 beside 0.854 tests nothing."""
    for seed in range(100):
        item = generator.generate(Random(seed))
        right = item.choices[item.answer].text
        if not SHOWN.fullmatch(right) or float(right.split()[0]) == 0:
            continue
        value = float(right.split()[0])
        for choice in item.choices:
            if choice.slip and SHOWN.fullmatch(choice.text):
                assert abs(float(choice.text.split()[0]) - value) > 0.8 * NEAR * value - 0.001, (seed, item.stem)


def test_a_slip_next_to_the_right_value_is_left_out() -> None:
    """The next one takes its place."""
    slips = [(1.005, "too near"), (2.0, "a"), (0.5, "b"), (0.98, "c")]
    generator = Generator("near", "conv", "junior", lambda _: Draft("?", 1.0, slips, "so", {}), decimal)
    offered = {choice.slip for choice in generator.generate(Random(0)).choices}
    assert {"", "a", "b", "c"} == offered
