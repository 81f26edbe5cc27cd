"""Two models beside each other on real questions: over the last ones, or silently beside the one in use."""
