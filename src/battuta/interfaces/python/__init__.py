"""The Python API: what ``import battuta as bt`` offers, each name fetched when it is first used."""
