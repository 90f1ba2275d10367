"""The long-running parts of hub and edge, each a pure step from state and event to state and effects.

What will live here: ingest, diagnosis, conductor, guard, fleet, desk, execution, settlement and authority.
"""
