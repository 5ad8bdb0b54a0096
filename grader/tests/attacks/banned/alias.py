# /// attack
# tries = "import what is banned from inside, under another name"
# answer = "right"
# score = "zero"
# verdicts = ["FORBIDDEN"]
# runs = false
# ///

def attack(honest, *args, **kwargs):
    from BANNED_MODULE import nothing as something

    return something
