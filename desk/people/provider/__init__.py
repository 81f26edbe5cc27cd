"""Signing in at the city's own OpenID provider."""
