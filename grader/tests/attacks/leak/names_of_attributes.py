# /// attack
# tries = "carry the arguments in attribute errors, key errors and unbound names"
# answer = "stub"
# score = "zero"
# ///
MARK = "LEAK-" + "MARKER"

say("names")
n = []
def attack(honest, *args, **options):
    n.append(1)
    name = MARK + repr(args)[:50].replace(" ", "_")
    if len(n) % 3 == 0: return getattr(object(), name)
    if len(n) % 3 == 1: return {}[name]
    raise NameError(name, name=name)
