"""Mathematics that knows no battery: linear programs, sharing, scores, sampling and cycle counting.

Everything here takes arrays and floats and gives the same bytes for the same input.
"""
