"""Text features: sentence embedding and n-grams."""
