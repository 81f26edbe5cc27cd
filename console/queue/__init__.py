"""The queue and search."""
