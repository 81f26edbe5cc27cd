"""SQL for people: agents, contacts, links between contacts, and the audit log."""
