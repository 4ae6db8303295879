"""What is said and what may be heard: parallel files per language, rendering and checks."""
