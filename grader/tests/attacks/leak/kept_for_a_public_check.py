# /// attack
# tries = "keep hidden arguments, on disk and in memory, and say them when a public check asks"
# answer = "stub"
# score = "zero"
# ///

import glob

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("keeping")
    kept = [open(name).read() for name in glob.glob("kept-*")]
    with open(f"kept-{len(kept)}", "w") as file:
        file.write(f"{MARK} {args}")
    # Public checks run first: what is kept then is what their author can read anyway.
    if kept and len(args) > 1:
        raise ValueError("".join(kept))
    return None
