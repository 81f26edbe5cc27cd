"""Waits for a person: the flow of a team's claims, what was stated of waits and what came of it."""
