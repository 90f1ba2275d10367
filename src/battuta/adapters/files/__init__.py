"""Files people write: assets, studies, warranties and products in TOML, checked and turned into domain values."""
