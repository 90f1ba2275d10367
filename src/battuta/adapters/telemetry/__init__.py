"""Measured samples in columns: Parquet here, Delta Lake at scale."""
