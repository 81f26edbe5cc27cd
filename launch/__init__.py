"""`make run`, `make test` and what they set up."""


class LaunchError(Exception):
    """One sentence for the person at the keyboard: what is wrong, what to do."""
