"""One turn: from the worker's request to replies and directives, and the dialogue state between turns."""
