"""The least valid objects; what matters to a test is said in the test."""
