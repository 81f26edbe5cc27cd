"""SQL for outbound data: the outbox, receipts, reply windows and the health of inboxes."""
