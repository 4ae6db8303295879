"""The pages on which people learn from what was not understood: `/admin/misses`."""
