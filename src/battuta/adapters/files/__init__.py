"""Files people write: assets, studies, warranties and products in TOML, checked and made domain values."""
