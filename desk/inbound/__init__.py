"""From an accepted webhook, mail or chat post to one row in the database."""
