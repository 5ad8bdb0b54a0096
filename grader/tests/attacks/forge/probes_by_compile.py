# /// attack
# tries = "have other probes compiled than those that were sent"
# answer = "stub"
# score = "zero"
# ///
import builtins
real = builtins.compile
def lying(text, name, *rest, **options):
    if name == "probes.py":
        say("compiled")
        text = "def __getattr__(name):\n    return lambda *a, **k: ([], 1, True)\n"
    return real(text, name, *rest, **options)
builtins.compile = lying
say("patched")
