"""Reads that join models into the shapes pages and rules need."""
