# /// attack
# tries = "write into a folder where everybody may"
# refused = true
# ///

path = os.path.join(WORLD["inbox"], "x")
for mode in ("w", "a", "x", "wb"):
    attempt(f"open {mode}", open, path, mode)
attempt("folder", os.mkdir, path)
attempt("pipe", os.mkfifo, path)
attempt("node", os.mknod, path, 0o600)
attempt("link", os.symlink, "/etc/passwd", path)
attempt("unnamed", os.open, WORLD["inbox"], os.O_TMPFILE | os.O_RDWR, 0o600)
attempt("moved", lambda: (open("mine", "w").close(), os.rename("mine", path)))
attempt("linked", lambda: (open("mine", "w").close(), os.link("mine", path)))
attempt("temporary", lambda: __import__("tempfile").mkstemp(dir=WORLD["inbox"]))
