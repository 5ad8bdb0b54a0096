"""Names the mistake: compares what a submission returned with what each known wrong answer returned for the same calls.

Reading order: ``answers`` (a call's answer, taken apart so that it can be compared and stored), ``known`` (what is kept
of a known wrong answer), ``matching`` (whether a submission makes that mistake), ``cache`` (what was learnt, on disk).
"""
