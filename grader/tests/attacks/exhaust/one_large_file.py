# /// attack
# tries = "write one file without end"
# answer = "right"
# refused = true
# ///

def fill():
    with open("large", "wb") as file:
        for _ in range(10**4):
            file.write(bytes(2**20))


attempt("fill", fill)
attempt("sparse", lambda: os.truncate("large", 2**40))
attempt("allocate", lambda: os.posix_fallocate(os.open("large", os.O_RDWR), 0, 2**40))
