# /// attack
# tries = "return objects of classes named after the arguments, in lists and dicts"
# answer = "stub"
# score = "zero"
# ///
MARK = "LEAK-" + "MARKER"

say("types")
def attack(honest, *args, **options):
    kind = type(MARK + repr(args)[:30], (), {"__doc__": MARK, "__module__": MARK})
    return [kind(), {MARK: kind()}]
