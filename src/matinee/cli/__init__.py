"""The command line: translates and decides nothing."""
