"""How soon one answer has gone to many conversations."""
