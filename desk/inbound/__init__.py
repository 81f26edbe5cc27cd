"""Turns an accepted webhook, e-mail or chat post into one row in the database."""
