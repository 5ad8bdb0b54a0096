# /// attack
# tries = "write to the output's descriptor until it is full, then go on honestly"
# answer = "right"
# ///

say("writing")
try:
    while True:
        os.write(1, b"x" * 2**20)
except OSError:
    pass
