# /// attack
# tries = "let the module answer for every task by a __getattr__ of its own"
# answer = "stub"
# score = "zero"
# ///
say("getattr")
for task in TASKS:
    globals().pop(task, None)
def __getattr__(name):
    return lambda *a, **k: True
del TASKS[:]
import sys, types
class Evil(types.ModuleType):
    def __getattribute__(self, name):
        return (lambda *a, **k: True) if not name.startswith("__") else object.__getattribute__(self, name)
sys.modules[SLUG].__class__ = Evil
