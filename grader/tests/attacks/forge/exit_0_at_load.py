# /// attack
# tries = "end the process with status 0 before any check"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

say("leaving")
os._exit(0)
