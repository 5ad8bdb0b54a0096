# /// attack
# tries = "reach a file by way of .., of links and of open folders"
# refused = true
# ///

def linked(path, name):
    os.symlink(path, name)
    return open(name).read()


for name in ("secret", "hidden"):
    path = WORLD[name]
    attempt(f"relative {name}", lambda: open(os.path.relpath(path)).read())
    attempt(f"dots {name}", lambda: open("../" * 40 + path.lstrip("/")).read())
    attempt(f"symbolic {name}", linked, path, f"link-{name}")
    attempt(f"folder {name}", linked, os.path.dirname(path), f"folder-{name}")
    attempt(f"hard {name}", os.link, path, f"hard-{name}")
    attempt(f"from the root {name}", lambda: os.open(path.lstrip("/"), os.O_RDONLY, dir_fd=os.open("/", os.O_PATH)))
    attempt(f"by descriptor {name}", lambda: open(f"/proc/self/fd/{os.open(path, os.O_PATH)}").read())
