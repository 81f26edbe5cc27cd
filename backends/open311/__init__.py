"""GeoReport v2 (Open311)."""
