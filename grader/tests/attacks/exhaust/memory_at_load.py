# /// attack
# tries = "take all memory when loaded"
# answer = "stub"
# score = "zero"
# verdicts = ["OUT_OF_MEMORY"]
# ///

say("growing")
grown = []
while True:
    grown.append(bytearray(2**22))
