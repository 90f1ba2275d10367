"""Predictions of prices, load and weather with an honest width, made only from what was known at the time.

As ``bt.forecast(prices, test_days=28)`` it tests forecasts of the last days; `battuta.interfaces.python.forecast` says
all of it. ``bt.issue_forecast(prices)`` issues the next day.
"""
