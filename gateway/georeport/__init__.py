"""The parts of our GeoReport v2 server that need no network: reading forms and queries, writing answers."""
