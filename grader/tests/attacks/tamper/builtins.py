# /// attack
# tries = "make isinstance, type, all, any, len and abs say what passes"
# answer = "stub"
# score = "zero"
# ///

import builtins

say("patching")
for name in ("isinstance", "issubclass", "all", "any", "callable", "hasattr"):
    setattr(builtins, name, lambda *args: True)
for name in ("abs", "len", "hash", "max", "min"):
    setattr(builtins, name, lambda *args, **kwargs: 0)
