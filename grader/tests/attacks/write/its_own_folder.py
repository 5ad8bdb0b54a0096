# /// attack
# tries = "use its own folder as it likes: files, folders, links, odd names and modes"
# answer = "right"
# ///

for number in range(30):
    with open(f"file-{number}", "w") as file:
        file.write("CAN" + "ARY")
os.makedirs("deep/" * 30)
os.mkdir("closed", 0o000)
os.rmdir("closed")
os.symlink("nowhere", "dangling")
os.symlink("loop", "loop")
open(b"\xff\n\x1b[2J.py", "w").close()
open("conftest.py", "w").write("raise SystemExit")
say("written")
