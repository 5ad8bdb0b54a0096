# /// attack
# tries = "define its tasks again and again, as functions, classes, numbers and lambdas"
# answer = "right"
# ///

for name in TASKS:
    globals()[name] = None
exec("\n".join(f"def {name}(*args): return 1" for name in TASKS for _ in range(300)))
say("defined")
