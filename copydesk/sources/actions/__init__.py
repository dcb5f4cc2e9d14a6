"""What changes sources, their copies and what is known of quotations."""
