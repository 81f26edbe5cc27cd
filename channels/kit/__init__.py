"""What several channels share: text that fits, calls to a provider, signatures, settings."""
