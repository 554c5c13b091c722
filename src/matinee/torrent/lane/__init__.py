"""Our own wire to the peers: they are called by us, and shown to libtorrent as peers that came in. See LANE.md."""
