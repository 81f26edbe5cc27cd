"""Telling citizens about their requests: what, where else, and who may hear it."""
