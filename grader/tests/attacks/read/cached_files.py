# /// attack
# tries = "read what linecache, zipimport, importlib.resources and pkgutil would give"
# refused = true
# ///
import linecache, pkgutil, importlib.resources
texts = ["".join(linecache.getlines(path)) for path in (WORLD["hidden"], WORLD["reference"], WORLD["secret"])]
for package in ("grader.session", "grader.core", "grader"):
    for name in ("suite.py", "../../secret.txt", "topic.toml"):
        try:
            texts.append(str(pkgutil.get_data(package, name)))
        except BaseException:
            pass
attempt("loot", loot, texts)
