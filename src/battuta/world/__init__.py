"""A seeded imitation of nature: grid, weather, market, load and plant, with faults planted on purpose.

What will live here serves simulated adapters only: nothing else may look behind the curtain.
"""
