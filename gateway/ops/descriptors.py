"""Raises the file descriptor limit: every open chat window is an open file, and the default limit is 1,024."""

import resource


def raise_limit() -> int:
    """Raise the soft limit as far as allowed; returns the resulting limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (ValueError, OSError):
            return soft  # some systems report a higher limit than they grant
    return hard
