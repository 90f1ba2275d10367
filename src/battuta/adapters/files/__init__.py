"""Files people write: assets, studies, warranties and products in TOML, checked, turned into domain values."""
