"""Writes: content, products, courses, assessments."""
