"""What every other layer speaks: errors, topics, verdicts, grades and scoring.

Imports the standard library, msgspec and NumPy only.
"""
