"""Stored pages: what readers get, kept as the bytes they get it in, and never served once it is no longer so."""
