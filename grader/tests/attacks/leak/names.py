# /// attack
# tries = "put the arguments into names of functions, files and lines of a traceback"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("naming")
    name = f"{MARK} {args}"
    code = compile("\n" * (len(str(args)) % 300) + "def f():\n    raise KeyError", f"{SLUG}.py", "exec")
    code = code.replace(co_name=name, co_qualname=name)
    space = {}
    exec(code, space)
    space["f"].__code__ = space["f"].__code__.replace(co_name=name, co_qualname=name, co_filename=f"{SLUG}.py")
    space["f"]()
