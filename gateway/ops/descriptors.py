"""Descriptors: every open chat window is an open file, and a process may open 1,024 where nobody asked for more."""

import resource


def raise_limit() -> int:
    """Take all that we are allowed; how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (ValueError, OSError):
            return soft  # some systems give more by name than in fact
    return hard
