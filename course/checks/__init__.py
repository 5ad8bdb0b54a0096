"""What the student's loop knows, apart from any terminal: whose file, what was checked, which hint, what comes next.

Nothing here counts towards a grade: it is read from the student's own folder, where the student may write anything.
"""
