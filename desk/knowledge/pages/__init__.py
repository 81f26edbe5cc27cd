"""The city's official pages: fetched, cut into passages, and searched where no answer is sure."""
