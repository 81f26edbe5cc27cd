"""Logs of gateway and worker: one JSON line per event on stderr, with ids and never with what a citizen
wrote. An exception's message may quote a citizen, and a full traceback does not help a reader of the log: a
line names the error type and the places in the code that led to it.
"""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from desk.runtime.error_place import where


def without_words(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """structlog processor: replaces `exc_info` with `error` (its type) and `where`."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exception()
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event.setdefault("error", type(error).__name__)
        event.setdefault("where", where(error))
    return event


def first_line(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """structlog processor for library logs: asyncio appends a future's repr, including its exception's
    message, so only the first line is kept."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_words,
]


def configure_logs() -> None:
    """Send our own events and what libraries log through `logging` to stderr, in one format."""
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, first_line],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Libraries log only warnings and above; Sanic's own request lines would contain full addresses.
    root.setLevel(logging.WARNING)
