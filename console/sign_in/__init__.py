"""The sign-in pages: password, second factor, passkey, the city's own provider."""
