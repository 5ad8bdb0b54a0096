"""Grades in words: for students as text and HTML, for the instructor as a class report, for scripts as JSON.

Every renderer is a pure function to ``str``. What a submission or a student's name holds is cleaned (``plain``) and
escaped on its way out; ``message`` alone decides what a student may read about a check. Imports grader.core and Jinja2.
"""
