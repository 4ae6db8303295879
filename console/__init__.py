"""The web pages, one folder each."""
