"""Gradescope: its ``results.json``, and an autograder archive that grades by this engine in its container."""
