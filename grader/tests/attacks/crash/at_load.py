# /// attack
# tries = "crash when loaded"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

say("crashing")
ctypes.memset(0, 0, 1)
