"""How long the search in the city's pages takes, beside reading all of them."""
