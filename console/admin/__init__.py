"""Inboxes and their health."""
