"""The only importer of PyAV: what films are made of. Most of this room waits for the work on formats."""
