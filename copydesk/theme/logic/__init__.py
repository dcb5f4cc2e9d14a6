"""Decisions of the theme that depend on values alone."""
