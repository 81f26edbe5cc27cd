"""Outside the city: other towns, and other bodies that are responsible for a place or a thing."""
