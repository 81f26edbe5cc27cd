"""Rules: when an event matches, an action is performed on the conversation."""
