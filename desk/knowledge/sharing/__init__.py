"""Answers that other jurisdictions share: read, taken in, and overridden one by one."""
