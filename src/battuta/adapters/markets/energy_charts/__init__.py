"""Day-ahead prices of European bidding zones from the public API of energy-charts.info (Fraunhofer ISE)."""
