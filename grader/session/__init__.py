"""The trusted process that holds a topic's suite, its oracles and the verdicts, and asks workers for values."""
