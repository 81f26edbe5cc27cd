"""The kinds of notices on agents' devices."""

KINDS = ("urgent", "mention", "offer")
"""What an agent chooses for each device; "urgent" includes the call to supervisors."""
MOST_DEVICES = 10
"""Devices of one agent."""
MOST_BROWSERS = 5
"""Browsers of one citizen's conversation."""
