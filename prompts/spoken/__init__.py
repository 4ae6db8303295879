"""Values as people say them: one language a file, one table of forms."""
