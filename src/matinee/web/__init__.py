"""The door: HTTP in, the ``Films`` port out. It translates and decides nothing about films."""
