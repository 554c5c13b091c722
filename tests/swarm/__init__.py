"""Whole swarms on loopback, each with a peer that is not libtorrent."""
