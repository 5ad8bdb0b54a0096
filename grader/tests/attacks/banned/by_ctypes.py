# /// attack
# tries = "load what is banned by its shared library"
# refused = true
# ///
import sys, glob
attempt("dlopen", lambda: ctypes.CDLL([p for d in sys.path for p in glob.glob(d + "/BANNED_MODULE/lib/*.so")][0]))
attempt("spec", lambda: __import__("importlib").util.spec_from_file_location("x", "BANNED_MODULE/__init__.py").loader.exec_module(None))
