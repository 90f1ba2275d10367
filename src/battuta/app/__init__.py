"""The one room that sees both sides: it joins each port to its adapter and runs the loop.

What will live here: settings, profiles, wiring and the runtime that performs all effects.
"""
