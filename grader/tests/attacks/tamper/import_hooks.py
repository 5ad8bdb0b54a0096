# /// attack
# tries = "an import hook and a path hook that answer for every module"
# answer = "stub"
# score = "zero"
# ///

import importlib.abc
import importlib.machinery
import sys
import types


class Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)

    def exec_module(self, module):
        module.__getattr__ = lambda name: (lambda *args, **kwargs: True)


sys.meta_path.insert(0, Hook())
sys.path_hooks.insert(0, lambda path: Hook())
sys.path_importer_cache.clear()
say("hooked")
