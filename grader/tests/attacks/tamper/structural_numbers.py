# /// attack
# tries = "return numbers that are equal to what is expected in one way only: Fraction, Decimal, 0-d arrays"
# answer = "stub"
# score = "zero"
# ///
import decimal, fractions, numpy as np
say("numbers")
n = []
def attack(honest, *a, **k):
    n.append(1)
    return [fractions.Fraction(1), decimal.Decimal(1), np.array(1), np.float16(1), complex(1), np.longdouble(1)][len(n) % 6]
