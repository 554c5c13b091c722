"""Whatever leaves this computer on a stranger's word: which addresses may be contacted, and the one way to fetch."""
