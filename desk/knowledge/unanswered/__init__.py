"""Questions that were not answered: collected, in groups of those that mean the same, and what editors make of them."""
