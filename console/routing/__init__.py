"""Presence, offers, and leaving work."""
