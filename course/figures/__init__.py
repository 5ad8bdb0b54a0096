"""The lessons' figures, drawn by code from numbers that the references compute; ``python -m course.figures`` writes them."""
