# /// attack
# tries = "sort by comparisons that each take a while, and swallow what interrupts them"
# answer = "stub"
# score = "zero"
# ///
class Slow:
    def __lt__(self, other):
        try:
            sum(range(10**7))
        except BaseException:
            pass
        return True
def attack(honest, *a, **k):
    say("sorting")
    return sorted([Slow() for _ in range(10_000)])
