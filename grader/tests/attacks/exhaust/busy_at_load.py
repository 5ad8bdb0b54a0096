# /// attack
# tries = "loop for ever when loaded"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

say("looping")
while True:
    pass
