# /// attack
# tries = "take the guard away, clear the caches, and import again"
# answer = "right"
# refused = true
# ///

import importlib
import importlib.machinery
import sys

sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, importlib.machinery.PathFinder]
sys.path_importer_cache.clear()
importlib.invalidate_caches()
sys.modules.pop(WORLD["banned"], None)
attempt("import", importlib.import_module, WORLD["banned"])
for folder in ("/usr/lib/python3/dist-packages", "/usr/local/lib/python3.11/site-packages",
               os.path.join(os.path.dirname(os.path.dirname(sys.modules["numpy"].__file__)))):
    sys.path.insert(0, folder)
    attempt(f"import from {folder}", importlib.import_module, WORLD["banned"])
