"""Proof, before release, that a topic grades what it says: stub 0, references full, every known answer as declared."""
