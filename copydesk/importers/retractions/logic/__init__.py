"""Retraction Watch’s list, as Crossref publishes it: from bytes to what became of papers."""
