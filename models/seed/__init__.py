"""Data that a new store begins with: sample facts that an administrator edits."""
