# /// attack
# tries = "use up the file system's inodes"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED", "CRASHED", "TIMED_OUT"]
# ///

say("naming")
number = 0
while True:
    os.mkdir(f"folder-{number}")
    number += 1
