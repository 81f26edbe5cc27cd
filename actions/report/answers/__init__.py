"""Interprets the citizen's answer to each question of a report. Pure."""
