"""What the record is asked."""
