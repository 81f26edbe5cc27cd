"""SQL for inbound data: events, their senders and the backlog."""
