"""Code reviews as a student does them: findings by line and kind, scored against the released key. No presentation."""
