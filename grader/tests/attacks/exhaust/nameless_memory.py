# /// attack
# tries = "take memory by files that live in memory"
# answer = "stub"
# score = "zero"
# ///
def attack(honest, *a, **k):
    say("files")
    kept = []
    for n in range(300):
        fd = os.memfd_create("x")
        os.write(fd, b"x" * 2**24)
        kept.append(fd)
    return kept
