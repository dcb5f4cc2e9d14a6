"""Forms about the record."""
