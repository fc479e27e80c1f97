"""Writes: planning, booking, the status of the day, delivery."""
