"""Rules: when something happens, and it fits, something is done with the conversation."""
