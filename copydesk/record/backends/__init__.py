"""What the record needs from libraries and files."""
