"""Suites that an adapter must pass, whoever wrote it."""
