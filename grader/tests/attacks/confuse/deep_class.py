# /// attack
# tries = "classes whose creation, lookup and iteration have side effects on the module"
# answer = "stub"
# score = "zero"
# ///

class Meta(type):
    def __prepare__(name, bases):
        return {}

    def __call__(cls, *args, **kwargs):
        say("called")
        return cls

    def __getattribute__(cls, name):
        return type.__getattribute__(cls, name) if name.startswith("__") else cls


def attack(honest, *args, **kwargs):
    say("classes")
    return Meta("Meta", (), {})
