"""Many sites played as one power plant, none asked for more than it can give.

What will live here: aggregate flexibility, qualification, sharing of calls, and accounts for each owner.
"""
