# /// attack
# tries = "change the source that tracebacks show"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

import linecache

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("rewriting")
    lines = [f"{MARK} {args}\n"] * 10_000
    linecache.cache[f"{SLUG}.py"] = (len(lines), None, lines, f"{SLUG}.py")
    linecache.getline = linecache.getlines = lambda *rest: lines[0]
    raise LookupError(MARK)
