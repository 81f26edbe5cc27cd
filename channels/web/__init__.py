"""The city's own web chat."""
