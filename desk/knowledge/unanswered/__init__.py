"""Questions that were not answered: collected, grouped by meaning, and turned into answers by editors."""
