"""What the record is told in forms."""
