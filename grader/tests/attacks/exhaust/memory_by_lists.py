# /// attack
# tries = "grow a list without end"
# answer = "stub"
# score = "zero"
# verdicts = ["OUT_OF_MEMORY"]
# ///

def attack(honest, *args, **kwargs):
    say("growing")
    grown = [0]
    while True:
        grown = grown + grown
