"""What is not the city's: towns elsewhere, and other bodies that look after a place or a thing."""
