# /// attack
# tries = "clear every list and dict that the collector knows, in the middle of a call"
# answer = "stub"
# score = "zero"
# ///

import gc


def attack(honest, *args, **kwargs):
    say("clearing")
    for each in gc.get_objects():
        if type(each) in (list, dict):
            each.clear()
