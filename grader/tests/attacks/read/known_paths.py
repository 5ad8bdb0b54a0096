# /// attack
# tries = "open files whose paths it knows by every function that reads one"
# refused = true
# ///

import io
import linecache
import mmap
import pathlib
import runpy
import tokenize

import numpy


def looked_up(path):
    linecache.clearcache()
    return loot(linecache.getlines(path))


for name in ("secret", "hidden", "reference", "gradebook"):
    path = WORLD[name]
    attempt(f"open {name}", lambda: open(path).read())
    attempt(f"raw {name}", lambda: os.read(os.open(path, os.O_RDONLY), 1000))
    attempt(f"bytes {name}", lambda: pathlib.Path(path).read_bytes())
    attempt(f"tokens {name}", lambda: tokenize.open(path).read())
    attempt(f"lines {name}", lambda: looked_up(path))
    attempt(f"numpy {name}", lambda: numpy.fromfile(path, "u1").tobytes())
    attempt(f"map {name}", lambda: numpy.memmap(path, "u1", "r").tobytes())
    attempt(f"text {name}", lambda: numpy.genfromtxt(path, dtype=str))
    attempt(f"run {name}", lambda: runpy.run_path(path))
    attempt(f"code {name}", lambda: io.open_code(path).read())
    attempt(f"mmap {name}", lambda: mmap.mmap(os.open(path, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:1000])
