"""Who owns a conversation, what is written into it, and how it changes hands."""
