"""The outside spoken to in its own protocol, units and signs turned into ours at the door.

One family a folder; families do not know each other.
"""
