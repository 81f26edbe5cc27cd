"""Notices to agents' devices and citizens' browsers while their pages are closed: web push (RFC 8030, 8291, 8292)."""
