"""Reporting: facts about conversations, figures computed from them, staffing, and the live wall."""
