"""One physical model of cell, pack, converter and ageing for every room that needs one.

What will live here: the equivalent circuit, heat, ageing models with their cards, and frequency droop.
"""
