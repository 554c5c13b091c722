"""The bridge: joins islands that do not know each other, and decides what web and command line only show."""
