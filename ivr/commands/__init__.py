"""Commands of `python app.py`, one file each, loaded only when called."""
