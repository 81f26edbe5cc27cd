"""The client connection, with a deadline per request. Sanic restarts its timers with every byte that arrives,
so it would wait forever for a client that sends a byte now and then. Here the deadline runs from a
request's first byte."""

from sanic.http import Stage
from sanic.server import HttpProtocol

HEADER_SECONDS = 20.0
"""From a request's first byte to the end of its header."""
REQUEST_SECONDS = 180.0
"""From there, or from the last bytes that the client took, until the answer goes on: an upload may take 120 seconds."""
KEEP_ALIVE_SECONDS = 75.0
"""Between requests: longer than the proxies in front, so that they hang up first."""

FAREWELL_SECONDS = 5.0
"""To read the answer of a request that was over its time."""


class Connection(HttpProtocol):
    """Pass to Sanic as its protocol class."""

    __slots__ = ()

    def data_received(self, data: bytes) -> None:
        """Only the first bytes of a request start its timer."""
        before = self._time
        super().data_received(data)
        http = self.http
        if http is not None and (http.stage is not Stage.IDLE or getattr(http, "request_body", None)):
            self._time = before

    def check_timeouts(self) -> None:
        """Sanic cancels a request that has timed out and answers it, but then receives the rest of the body
        without any time limit. Here the client gets only a moment to read the answer."""
        scheduled = self._callback_check_timeouts
        super().check_timeouts()  # type: ignore[no-untyped-call]  # Sanic's method has no types
        if self._task and self._callback_check_timeouts is scheduled:
            self.loop.call_later(FAREWELL_SECONDS, self._abort_if_open)

    def _abort_if_open(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.abort()
