"""Telling other sites."""
