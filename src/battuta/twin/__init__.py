"""The next twenty years of a battery, for the one who pays for it.

What will live here: lives, calibration, warranty, cash flow, and how unsure each of them is.
"""
