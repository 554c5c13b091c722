"""Alembic's migrations; imported only when one is due."""
