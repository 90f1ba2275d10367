"""Where issued forecasts are kept."""
