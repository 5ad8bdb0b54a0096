"""What runs beside a submission: the zygote, its workers, and what confines them.

Started, never imported, by the trusted side; the sandbox mounts this package, ``grader.wire``, ``grader.core`` and
nothing else of the grader. Every module here may be read, and its state changed, by the student's code: nothing in
it decides a grade.
"""
