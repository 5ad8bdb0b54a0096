# /// attack
# tries = "trace, profile and audit hooks, excepthook and displayhook"
# answer = "stub"
# score = "zero"
# ///

import sys
import threading


def hook(*args):
    return hook


say("hooks")
for function in (sys.settrace, sys.setprofile, threading.settrace, threading.setprofile):
    function(hook)
sys.addaudithook(lambda *args: None)
sys.excepthook = sys.unraisablehook = sys.displayhook = sys.breakpointhook = hook
