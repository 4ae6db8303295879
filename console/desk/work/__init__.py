"""The work list: what agents do when nobody is on the line."""
