"""How long the search in the city's pages takes, compared with scanning all of them."""
