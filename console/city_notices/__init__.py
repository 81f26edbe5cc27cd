"""Notices in the console: prepared messages, drafts, release by a second person, and who was reached."""
