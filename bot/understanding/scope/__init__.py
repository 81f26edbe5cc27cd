"""Whether a text is about the city's topics at all."""
