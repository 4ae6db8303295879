"""What measures speed and load: `python -m bench NAME`."""
