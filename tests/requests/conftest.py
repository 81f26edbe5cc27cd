"""The database fixtures, by name."""

from tests.requests.database import database_url, store

__all__ = ["database_url", "store"]
