"""What is typed about indications, protocols, products and assessments."""
