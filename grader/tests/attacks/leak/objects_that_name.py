# /// attack
# tries = "return objects and raise errors whose class, notes and missing names hold the arguments"
# answer = "stub"
# score = "zero"
# ///
MARK = "-".join(["LEAK", "MARKER"])
turn = []
say("names")


def attack(honest, *args, **kwargs):
    turn.append(1)

    class Named:
        def __getattr__(self, name):
            raise AttributeError(MARK + name, name=MARK, obj=MARK)

        def __call__(self, *more, **options):
            raise NameError(MARK, name=f"{MARK}{more}")

    Named.__name__ = Named.__qualname__ = Named.__module__ = MARK
    if len(turn) % 2:
        return Named()
    error = type(f"{MARK}{len(args)}", (KeyError,), {"__module__": MARK, "__str__": lambda self: MARK})(MARK)
    error.add_note(f"{MARK}{args}")
    raise error from Named
