# /// attack
# tries = "warn, log and fail in finalisers with the arguments"
# answer = "stub"
# score = "zero"
# ///
MARK = "LEAK-" + "MARKER"

import warnings, logging, sys
say("warning")
class Gone:
    def __init__(self, t): self.t = t
    def __del__(self): raise ValueError(self.t)
def attack(honest, *args, **options):
    warnings.warn(MARK + repr(args)[:50])
    logging.error(MARK)
    Gone(MARK)
    sys.excepthook(ValueError, ValueError(MARK), None)
    raise ValueError(MARK)
