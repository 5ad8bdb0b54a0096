"""Technical tests: twenty generators of items whose numbers are drawn from a seed."""
