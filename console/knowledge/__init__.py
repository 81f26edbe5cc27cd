"""Approved answers."""
