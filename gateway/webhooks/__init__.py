"""Providers' webhooks."""
