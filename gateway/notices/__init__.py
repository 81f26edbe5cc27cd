"""Notices for everybody: the page, the feeds, CAP documents and what banners read."""
