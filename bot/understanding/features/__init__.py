"""From a text to numbers: sentence embedding and n-grams."""
