# /// answer
# mistake = "squared"
# title = "The array is squared, not doubled"
# hint = "Twice x is x + x; x * x is its square."
# points = {double = 0, total = 10, Counter = 10}
# ///

import numpy as np


def double(x):
    return np.square(x)


def total(numbers):
    if len(numbers) == 0:
        raise ValueError
    result = 0
    for number in numbers:
        result += number
    return result


class Counter:
    def __init__(self, count):
        self.count = count

    def step(self):
        self.count += 1
        return self.count

    def __iter__(self):
        yield from range(self.count)

    def plus(self, other):
        return Counter(self.count + other.count)
