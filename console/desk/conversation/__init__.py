"""One conversation: what was said, live while it goes on, with its voice notes."""
