# /// attack
# tries = "open descriptors until it is refused"
# answer = "right"
# refused = true
# ///

def use_up():
    kept = []
    try:
        for _ in range(10**6):
            kept.append(os.open(".", os.O_RDONLY))
    finally:
        for descriptor in kept:
            os.close(descriptor)


attempt("descriptors", use_up)
