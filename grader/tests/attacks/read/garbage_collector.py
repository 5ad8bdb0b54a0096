# /// attack
# tries = "search every object that the collector knows for the hidden suite's texts"
# refused = true
# ///

import gc


def search():
    texts = []
    for each in gc.get_objects()[:60_000]:
        if type(each) in (dict, list, tuple):
            texts += [item for item in gc.get_referents(each) if type(item) is str]
    return loot(texts)


attempt("collector", search)
