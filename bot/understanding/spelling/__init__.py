"""Correcting misspelt words."""
