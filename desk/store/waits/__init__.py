"""Waits for a person: the flow of a team's claims, stated waits and their outcomes."""
