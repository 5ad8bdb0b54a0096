# /// answer
# right = true
# ///

import numpy as np


def double(x):
    return np.add(x, x)


def total(numbers):
    if len(numbers) == 0:
        raise ValueError("empty")
    return int(np.sum(numbers))


class Counter:
    def __init__(self, count):
        self.count = int(count)

    def step(self):
        self.count = self.count + 1
        return self.count

    def __iter__(self):
        number = 0
        while number < self.count:
            yield number
            number += 1

    def plus(self, other):
        return type(self)(self.count + other.count)
