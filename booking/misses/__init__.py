"""What callers said that was not understood, and what was done about it."""
