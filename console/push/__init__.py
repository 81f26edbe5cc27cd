"""Notices on agents' devices while the desk is closed."""
