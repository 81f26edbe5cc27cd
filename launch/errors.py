"""What can stop the product from starting."""


class LaunchError(Exception):
    """One sentence for the person at the keyboard: what is wrong, what to do."""
