"""Decides whether a text is about the city's topics."""
