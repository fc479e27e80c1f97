"""Reads of the records app."""
