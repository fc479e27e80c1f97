"""The clinic's working day as people see it: journeys through a real browser."""
