# /// attack
# tries = "make links in its folder, and write through them"
# refused = true
# ///

os.symlink(WORLD["inbox"], "out")
os.symlink(WORLD["gradebook"], "book")
os.symlink("/", "root")
attempt("through a folder", open, "out/x", "w")
attempt("through a file", open, "book", "a")
attempt("through the root", open, "root" + WORLD["inbox"] + "/x", "w")
attempt("made through", os.mkdir, "out/x")
attempt("moved through", lambda: (open("mine", "w").close(), os.rename("mine", "out/x")))
attempt("exchanged", libc, "syscall", 316, -100, b"book", -100, WORLD["secret"].encode(), 2)
attempt("hard", os.link, WORLD["gradebook"], "hard")
