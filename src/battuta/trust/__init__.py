"""Who may move a megawatt, proven without a network.

What will live here: mandates, leases, signed frames, the audit tree and anomaly scores.
"""
