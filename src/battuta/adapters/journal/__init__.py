"""Inputs and decisions in the order they happened, in files that only grow."""
