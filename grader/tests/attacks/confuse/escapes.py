# /// attack
# tries = "NUL, lone surrogates and control characters in texts and in names of attributes"
# answer = "right"
# ///

say("escapes \0 \x1b[2J \ud800 \uffff")
globals()["\0"] = globals()["\ud800"] = 1
setattr(attempt, "\ud800", "\0")
print("\0\x1b]0;title\x07\u202e\ud800")
