"""One site in one second: many wishes in, one dispatch out, with the reason of every narrowing.

What will live here: arbitration, reservations, peak shaving, cooling foresight, limits and safe states.
"""
