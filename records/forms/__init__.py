"""What is typed on the record's pages. A draft may be incomplete; what is there must make sense."""
