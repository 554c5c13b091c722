"""What films are made of."""
