"""Films that are being played."""
