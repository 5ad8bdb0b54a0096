# /// attack
# tries = "patch the messages and msgspec, so that Raised is sent as Returned"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m

m.Raised = lambda number, *rest: m.Returned(number, None)
m.encode = lambda message, encode=m.encode: encode(m.Returned(getattr(message, "number", 1), None))
say("patched")
