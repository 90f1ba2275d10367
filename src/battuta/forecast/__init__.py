"""Predictions of prices, load and weather with an honest width, made only from what was known at the time."""
