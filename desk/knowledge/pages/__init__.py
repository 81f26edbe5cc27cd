"""The city's official pages: fetched, split into passages, and searched if no answer is certain."""
