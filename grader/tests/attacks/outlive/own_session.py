# /// attack
# tries = "leave the process group and the session, and ask not to die with the parent"
# refused = true
# ///

attempt("setsid", os.setsid)
attempt("group", os.setpgid, 0, 0)
attempt("parent's death", libc, "prctl", 1, 0, 0, 0, 0)
attempt("subreaper", libc, "prctl", 36, 1, 0, 0, 0)
attempt("daemon", libc, "daemon", 0, 0)
attempt("namespace", libc, "unshare", 0x20000000)
