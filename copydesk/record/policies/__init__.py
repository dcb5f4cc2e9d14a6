"""Who may do what with the record."""
