# /// attack
# tries = "use what is banned, and catch whatever comes of it"
# answer = "stub"
# score = "zero"
# ///

def attack(honest, *args, **kwargs):
    say("catching")
    try:
        module = __import__(WORLD["banned"])
    except BaseException:
        module = None
    return module
