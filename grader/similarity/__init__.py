"""Which submissions share code beyond what everybody was given: fingerprints of token streams, weighed by rarity.

Nothing is run or parsed: any text can be compared. Imports grader.core and NumPy.
"""
