# /// attack
# tries = "write files and start processes by what NumPy and torch offer"
# answer = "stub"
# score = "zero"
# refused = true
# ///
import sys
import numpy as np
t = sys.modules.get("torch")

inbox = WORLD["inbox"]
attempt("save", np.save, f"{inbox}/x.npy", np.ones(2))
attempt("tofile", np.ones(2).tofile, f"{inbox}/x")
attempt("memmap", np.memmap, f"{inbox}/y", "u1", "w+", 0, (3,))
if t:
    attempt("torch.save", t.save, t.ones(2), f"{inbox}/x.pt")
    attempt("from_file", lambda: t.from_file(f"{inbox}/z", shared=True, size=3))
    attempt("share_memory_", lambda: t.ones(3).share_memory_())
    attempt("script", lambda: t.jit.CompilationUnit("def f(x):\n    return x").save(f"{inbox}/m"))
    attempt("loader", lambda: next(iter(t.utils.data.DataLoader([1, 2, 3], num_workers=1))))
