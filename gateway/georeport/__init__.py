"""The parts of our GeoReport v2 server that need no network: parsing forms and queries, rendering answers."""
