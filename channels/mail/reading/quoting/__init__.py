"""Tells a citizen's own words from what their mail program quoted, forwarded or added."""
