"""Pages of the treatments app: content, numbers, products, assessments."""
