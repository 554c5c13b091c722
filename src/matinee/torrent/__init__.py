"""The engine room: the only importer of libtorrent. Gives bytes of films that are still arriving."""
