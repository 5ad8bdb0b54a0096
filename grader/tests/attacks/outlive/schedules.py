# /// attack
# tries = "have the host run something later"
# refused = true
# ///

for path in ("/etc/cron.d/x", "/var/spool/cron/crontabs/root", "/etc/rc.local", "/etc/profile.d/x.sh",
             "/etc/systemd/system/x.service", "/root/.bashrc", "/root/.profile", "/etc/ld.so.preload",
             "/home/ordinary/.bashrc", "/var/spool/at/x", "/dev/shm/x"):
    attempt(path, open, path, "a")
attempt("timer of another clock", libc, "syscall", 283, 8, 0)
attempt("crontab", lambda: 1 / (os.system("echo '* * * * * true' | crontab -") == 0))
