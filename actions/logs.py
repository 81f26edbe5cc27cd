"""Logs of the action server: one JSON line per event on stderr. Of library messages only the logger's name is
kept: rasa-sdk and Sanic log message bodies, and so may an exception's text."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, WrappedLogger


def without_words(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """structlog processor: an exception under `exc_info` becomes `where`, the last places in the code."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exception()
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        event["where"] = " < ".join(
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
        )
    return event


class _Wordless(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


def configure_logs() -> None:
    """Send our own events, and the names of libraries that logged a warning, to stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Wordless('{"level": "%(levelname)s", "logger": "%(name)s"}'))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
