"""Partner desks: other offices that accept conversations."""
