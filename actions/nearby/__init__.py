"""Open requests near the place of a report: shown before another one is filed."""
