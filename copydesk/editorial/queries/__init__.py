"""Reads for screens: each returns what a template shows, by a bounded number of indexed queries."""
