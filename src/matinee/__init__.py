"""Matinee: films that may be shared freely, playing in seconds, on every screen in the house."""

__version__ = "0.1.0"
