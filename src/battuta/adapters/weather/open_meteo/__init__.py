"""Weather forecasts, present and past, from the public API of Open-Meteo."""
