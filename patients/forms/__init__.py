"""What is typed about a patient."""
