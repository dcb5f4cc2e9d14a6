"""The protocols, from values alone."""
