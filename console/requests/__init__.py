"""Service requests of our own GeoReport server."""
