"""Identity checks: a one-time code sent to a known address, entered in the conversation."""
