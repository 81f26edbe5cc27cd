"""Names of people in a text, and where phrases of a table stand in it."""
