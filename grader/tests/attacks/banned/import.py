# /// attack
# tries = "import what is banned, openly"
# answer = "right"
# score = "zero"
# verdicts = ["FORBIDDEN"]
# runs = false
# ///

import BANNED_MODULE
