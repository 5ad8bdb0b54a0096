# /// attack
# tries = "change the gradebook, the suite and the reference"
# refused = true
# ///

for name in ("gradebook", "hidden", "reference", "secret"):
    path = WORLD[name]
    for mode in ("w", "a", "r+b"):
        attempt(f"{mode} {name}", open, path, mode)
    attempt(f"truncate {name}", os.truncate, path, 0)
    attempt(f"remove {name}", os.unlink, path)
    attempt(f"mode {name}", os.chmod, path, 0o777)
    attempt(f"owner {name}", os.chown, path, 12345, 12345)
    attempt(f"times {name}", os.utime, path, (0, 0))
    attempt(f"move {name}", os.rename, path, path + "~")
    attempt(f"replace {name}", lambda: (open("mine", "w").close(), os.replace("mine", path)))
    attempt(f"attribute {name}", os.setxattr, path, "user.x", b"x")
    attempt(f"database {name}", lambda: __import__("sqlite3").connect(path).execute("create table x (y)"))
