"""How long it takes to send one answer to many conversations."""
