# /// attack
# tries = "fill the disk with files that have no name any more"
# answer = "right"
# refused = true
# ///

def fill():
    kept = []
    try:
        for number in range(10**4):
            descriptor = os.open("gone", os.O_RDWR | os.O_CREAT)
            kept.append(descriptor)
            os.unlink("gone")
            os.write(descriptor, bytes(2**17))
        return kept
    finally:
        for descriptor in kept:
            os.close(descriptor)


attempt("fill", fill)
