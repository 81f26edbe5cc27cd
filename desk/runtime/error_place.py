"""Describes where an unexpected error came from, without its message, which may quote a citizen."""

import traceback


def where(error: BaseException) -> str:
    """The innermost frames of the traceback, such as "turns.py:88 _append < turns.py:60 serve"."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
