"""Tables that people send as CSV or Excel files: reading them, and writing what may be sent back."""
