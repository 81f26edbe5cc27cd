"""From the outbox to the provider."""
