"""The tables that administrators keep: one way to list, check, change, import and export all of them."""
