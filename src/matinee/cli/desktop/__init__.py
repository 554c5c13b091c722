"""Matinee on a desktop: what is written where, and what a double click does."""
