"""Geocoders: the point of an address, and the address of a point. Read-only."""
