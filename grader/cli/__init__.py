"""The ``grader`` command: a verb is a file, which declares its arguments and calls one function."""
