# /// attack
# tries = "name what is banned as a text given to the import machinery"
# answer = "right"
# score = "zero"
# verdicts = ["FORBIDDEN"]
# runs = false
# ///

import importlib as loader

borrowed = loader.import_module
module = loader.import_module("BANNED_MODULE.nothing")
