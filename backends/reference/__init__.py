"""Our own GeoReport v2 server, with the two calls that the standard lacks: withdraw and complement."""
