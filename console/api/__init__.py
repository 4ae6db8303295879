"""The JSON interface `/api/v1` for the scheme's app, portal and offices."""
