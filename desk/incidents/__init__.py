"""Incidents: many people write about the same thing, get one answer, hear the news, and are asked once at the end."""
