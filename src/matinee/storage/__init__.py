"""The database: SQLite by default, PostgreSQL when a community outgrows one machine."""
