"""Services of others that a person may choose to ask. Each is off until somebody gives it a key."""
