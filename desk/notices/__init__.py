"""Notices: what the city says when something happens. Prepared, released by two people, said everywhere in the same version."""
