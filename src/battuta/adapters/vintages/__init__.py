"""Where issued forecasts, and the calibrated days of a test, are kept."""
