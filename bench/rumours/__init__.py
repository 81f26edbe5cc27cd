"""How well a claim is recognised as one that has a verdict."""
