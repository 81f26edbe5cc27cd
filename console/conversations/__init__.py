"""One conversation: the page, replies and actions."""
