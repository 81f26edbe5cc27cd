"""Rumours: claims, verdicts, and who was told."""
