"""SQL for what arrives: events, their senders and the backlog."""
