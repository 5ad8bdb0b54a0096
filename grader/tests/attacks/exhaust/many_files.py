# /// attack
# tries = "fill the disk with many large files"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED", "CRASHED", "TIMED_OUT"]
# ///

say("filling")
for number in range(10**4):
    with open(f"large-{number}", "wb") as file:
        for _ in range(60):
            file.write(bytes(2**20))
raise SystemExit
