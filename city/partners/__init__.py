"""Partner desks: other offices that take conversations."""
