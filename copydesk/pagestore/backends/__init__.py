"""Where pages are kept, and who else keeps copies of them."""
