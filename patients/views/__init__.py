"""The pages of the patients app, by resource."""
