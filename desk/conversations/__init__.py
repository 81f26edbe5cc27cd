"""The ownership of conversations, the messages written into them, and handoffs."""
