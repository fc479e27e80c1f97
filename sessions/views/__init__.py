"""The pages of the day, of courses and of booking."""
