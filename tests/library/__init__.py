"""What is remembered of people who watch."""
