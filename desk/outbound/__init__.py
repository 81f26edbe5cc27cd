"""Delivers outbox items to the providers."""
