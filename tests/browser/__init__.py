"""The page in the system's Chromium, on a film that is still arriving."""
