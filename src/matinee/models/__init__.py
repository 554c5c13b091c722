"""Records that more than one room speaks of. Frozen, without behaviour that needs I/O."""
