"""Notices, prepared messages, subscriptions, and who was told."""
