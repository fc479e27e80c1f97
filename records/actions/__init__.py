"""Writes of the records app."""
