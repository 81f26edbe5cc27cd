"""SQL for what leaves: the outbox, receipts, reply windows and the health of inboxes."""
