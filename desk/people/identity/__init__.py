"""Identity checks: a one-time code to an address that we know, written back in the conversation."""
