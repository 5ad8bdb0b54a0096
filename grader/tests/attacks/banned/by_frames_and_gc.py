# /// attack
# tries = "find what is banned among all objects that are loaded already"
# refused = true
# ///
import gc, sys
found = [o for o in gc.get_objects() if type(o).__name__ == "module" and getattr(o, "__name__", "").split(".")[0] == "BANNED_MODULE"]
attempt("use", lambda: found[0].zeros)
