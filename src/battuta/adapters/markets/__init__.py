"""Prices and markets: files with an explicit clock, public price services, and a simulated exchange."""
