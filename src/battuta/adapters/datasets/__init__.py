"""Public data sets fetched from their own sources, with checksum, licence and citation."""
