"""Money and authority in a database that keeps its promises: SQLite here, PostgreSQL at scale."""
