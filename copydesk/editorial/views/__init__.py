"""What readers ask for: pages, and the files in them."""
