"""Answers that editors write: versions, states and stops."""
