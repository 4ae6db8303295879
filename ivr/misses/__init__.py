"""Learning from misses: grouped by question and likeness, and what a new phrase would change."""
