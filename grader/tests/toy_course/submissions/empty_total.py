# /// answer
# mistake = "empty-total"
# title = "An empty list adds up to 0"
# hint = "Nothing to add is an error here: raise ValueError."
# points = {double = 10, total = 7.5, Counter = 10}
# ///


def double(x):
    return x + x


def total(numbers):
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
