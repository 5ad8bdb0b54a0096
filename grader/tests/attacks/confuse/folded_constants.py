# /// attack
# tries = "constants that take for ever to fold"
# answer = "right"
# score = "full"
# ///

say("folding")
if WORLD is None:
    x = (1 << 1_000_000) * ("x" * 10_000_000 * 10_000_000,)
    y = 2**2**40
