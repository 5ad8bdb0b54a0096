# /// attack
# tries = "put the banned name together at run time, for every way to import"
# answer = "right"
# refused = true
# ///

import importlib
import importlib.util

name = "".join(reversed(WORLD["banned"][::-1]))
attempt("import_module", importlib.import_module, name)
attempt("__import__", lambda: __import__(name))
attempt("builtins", lambda: vars(_builtins)["__imp" + "ort__"](name))
attempt("exec", exec, "import " + name)
attempt("eval", lambda: eval("__import__('" + name + "')"))
attempt("compile", lambda: exec(compile("from " + name + " import *", "x", "exec"), {}))
attempt("spec", lambda: importlib.util.module_from_spec(importlib.util.find_spec(name)).__loader__.name)
attempt("bootstrap", lambda: importlib._bootstrap._gcd_import(name))
attempt("pickle", lambda: __import__("pickle").loads(b"c" + name.encode() + b"\nTensor\n."))
attempt("pkgutil", lambda: __import__("pkgutil").resolve_name(name))
attempt("runpy", lambda: __import__("runpy").run_module(name))
attempt("loaded", lambda: __import__("sys").modules[name])
