"""Temperature, irradiance and wind, measured and predicted."""
