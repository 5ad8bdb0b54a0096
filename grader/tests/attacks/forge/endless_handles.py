# /// attack
# tries = "return an object whose every attribute, call and item is itself, for ever"
# answer = "stub"
# score = "zero"
# ///

class Endless:
    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self

    def __index__(self):
        return 1


def attack(honest, *args, **kwargs):
    say("endless")
    return Endless()
