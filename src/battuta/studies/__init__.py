"""Questions asked of history or the future and answered in one go: backtests, forecasts judged, lives.

The command line, the Python interface and background jobs call the same functions here.
"""
