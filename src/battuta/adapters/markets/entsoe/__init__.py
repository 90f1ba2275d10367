"""Day-ahead prices of European bidding zones from the Transparency Platform of ENTSO-E."""
