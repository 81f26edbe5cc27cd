"""Notices to agents' devices while the desk is closed: web push (RFC 8030, 8291, 8292)."""
