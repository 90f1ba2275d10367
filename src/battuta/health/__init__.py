"""Which cell is bad, since when, on what evidence, and how many days remain.

What will live here: string and cell filters, findings, prognosis and the maintenance plan.
"""
