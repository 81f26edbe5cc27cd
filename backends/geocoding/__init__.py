"""Geocoders: where an address is, and which address is at a point. They are only read."""
