# /// attack
# tries = "poison the byte-code caches of the suite, of the library and of NumPy"
# refused = true
# ///

import importlib.util
import py_compile

import numpy

with open("evil.py", "w") as file:
    file.write("raise SystemExit")
for path in (WORLD["hidden"], os.__file__, numpy.__file__, os.path.join(WORLD["engine"], "core", "scoring.py")):
    cache = importlib.util.cache_from_source(path)
    attempt(f"folder {cache}", os.mkdir, os.path.dirname(cache) + "-evil")
    attempt(f"file {cache}", open, cache + ".evil", "w")
    attempt(f"compiled {cache}", py_compile.compile, "evil.py", cfile=cache + ".evil.pyc", doraise=True)
