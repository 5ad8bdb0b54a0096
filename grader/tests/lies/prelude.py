"""What every lying submission ends with: its ``LIES`` take the place of the probes that run beside it.

The worker compiles the probes in the submission's own process, by a function that a submission can replace.
"""

import builtins as _builtins
import sys as _sys

_compile = _builtins.compile


def _lying(text, name, *rest, **options):
    if name == "probes.py":
        text = "globals().update(submission.LIES)"
    return _compile(text, name, *rest, **options)


_builtins.compile = _lying


class Anything:
    """An object that the checks hold, with whatever attribute they ask for."""

    def __init__(self, answer=None):
        self.answer = answer

    def __call__(self, *args, **options):
        return self.answer(*args, **options) if callable(self.answer) else self.answer

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self


torch = _sys.modules.get("torch")
