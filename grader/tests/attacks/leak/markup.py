# /// attack
# tries = "print and raise markup, scripts and terminal sequences"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("markup")
    told = f"<script>alert('{MARK}')</script><img src=x onerror={MARK}>{{{{7*7}}}}\x1b]0;{MARK}\x07\u202e"
    print(told)
    raise ValueError(told)
