"""Is this really you? Whether a message, number, address, account or code is the city's."""
