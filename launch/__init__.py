"""Implements `make run` and `make test`, and sets up what they need."""


class LaunchError(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""
