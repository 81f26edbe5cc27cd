"""SQL for inbound data: events, their senders and the backlog."""

KEPT_DAYS = 30
"""How long an arrival that did not become a message is kept."""
