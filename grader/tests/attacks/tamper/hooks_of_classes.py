# /// attack
# tries = "hook the grader's classes by __init_subclass__, __class_getitem__ and __set_name__"
# answer = "stub"
# score = "zero"
# ///
import sys
say("hooks")
for name, module in list(sys.modules.items()):
    if name.startswith("grader."):
        for value in list(vars(module).values()):
            if isinstance(value, type):
                for hook in ("__init__", "__eq__", "__hash__", "__reduce__", "__struct_fields__"):
                    try:
                        setattr(value, hook, lambda *a, **k: None)
                    except BaseException:
                        pass
