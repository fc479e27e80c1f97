"""Reads of the treatments app."""
