"""Finds people's names and a table's phrases in a text."""
