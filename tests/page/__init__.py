"""What the page thinks, without a browser."""
