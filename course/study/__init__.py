"""The study half: questions, cards, technical tests and interviews as pure logic, and what a student did so far."""
