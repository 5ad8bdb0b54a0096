"""What a submission to the toy may import."""

ANSWER = 42
