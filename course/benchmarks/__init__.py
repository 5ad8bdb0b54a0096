"""Measurements of the study half; each is a program."""
