"""HLS made on demand: where a film is cut, and what a player is told about it."""
