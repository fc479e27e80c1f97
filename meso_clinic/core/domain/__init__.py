"""Rules of the core that are plain Python."""
