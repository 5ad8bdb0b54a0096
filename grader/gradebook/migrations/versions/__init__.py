"""One module a migration, ``vNNNN_what_changes.py``; its revision is the number."""
