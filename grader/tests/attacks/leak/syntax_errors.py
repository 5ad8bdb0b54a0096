# /// attack
# tries = "raise syntax errors whose text, file and place hold the arguments"
# answer = "stub"
# score = "zero"
# ///
MARK = "LEAK-" + "MARKER"

say("syntax")
def attack(honest, *args, **options):
    raise SyntaxError(MARK, (MARK + ".py", 1, 1, MARK, 1, 9))
