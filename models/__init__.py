"""Tables and the store."""
