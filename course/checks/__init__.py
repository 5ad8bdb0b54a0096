"""What the student's loop decides, apart from any terminal: how far a topic is, which hint, what comes next.

Nothing here counts towards a grade: it is read from the student's own folder, where the student may write anything.
"""
