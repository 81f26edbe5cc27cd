"""Code shared by several channels: fitting text, calling a provider, signatures, settings."""
