# /// attack
# tries = "delete the builtins that every loop needs"
# answer = "stub"
# score = "zero"
# ///
import builtins
say("deleting")
def attack(honest, *a, **k):
    for name in ("isinstance", "callable", "getattr", "zip", "type", "len", "dict", "list", "tuple"):
        builtins.__dict__.pop(name, None)
    return 1
