"""The lessons' figures, drawn from numbers that the references compute; ``python -m course.figures`` writes them."""
