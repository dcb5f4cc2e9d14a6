"""What people are asked for the record."""
