"""The catalogue: titles, what speaks for sharing them, and the shelf that comes with the program."""
