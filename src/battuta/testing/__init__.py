"""Planted faults, input strategies and the suites that an adapter must pass.

It may look everywhere; nothing may lean on it.
"""
