"""The ``course`` command: what a student does in a day."""
