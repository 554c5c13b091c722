"""Kills and power cuts at random moments: three in `make test`, hundreds by `make torture`."""
