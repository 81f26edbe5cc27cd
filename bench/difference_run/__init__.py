"""Two models over the last questions."""
