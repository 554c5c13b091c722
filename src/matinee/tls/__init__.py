"""TLS for other screens: certificates of the user's own, or of an authority of this computer's own (decision 0048)."""
