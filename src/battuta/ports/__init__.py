"""What the software needs from outside, one promise a file: clock, bus, device, market, store, keys.

Ports ask, adapters answer.
"""
