"""One file a defect that was found: what must never come back."""
