"""Turns errors into answers for people: JSON for programs, a plain page for browsers, never a traceback.

Problem(status, code, sentence)     raised by handlers; every other exception is converted to one here
"""

import json
from asyncio import CancelledError
from collections.abc import Callable

import structlog
from sanic import Request
from sanic.exceptions import MethodNotAllowed, NotFound, PayloadTooLarge, SanicException
from sanic.handlers import ErrorHandler
from sanic.response import HTTPResponse, html

from forms.errors import BodyRefused
from gateway.georeport import render

log = structlog.get_logger("gateway")

HUNG_UP = 499
"""The status in logs and metrics of a request whose client went away; nginx uses the same number."""

GEOREPORT = "/open311/"

Unavailable = Callable[[BaseException], bool]
"""Whether an exception means that the database is away (and the same request works later)."""


class Problem(SanicException):
    """A refusal that a person reads. `code` is stable, for the widget; `retry_after` is in seconds."""

    quiet = True

    def __init__(self, status: int, code: str, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence, status_code=status)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.retry_after = retry_after


def unavailable() -> Problem:
    """The database is unavailable: until it is back every client gets this answer."""
    return Problem(
        503,
        "unavailable",
        "The front desk cannot be reached for a moment. Nothing was lost. Please try again shortly.",
        retry_after=2,
    )


def session_over() -> Problem:
    """The token is missing, unknown or expired: the widget starts a new session."""
    return Problem(401, "session_over", "This conversation's session has ended. Reload the page to go on.")


class ErrorPages(ErrorHandler):
    """Converts every exception into a Problem's response and logs those that are our fault."""

    def __init__(self, unavailable: Unavailable, page: Callable[[Problem, str], str]) -> None:
        super().__init__()
        self._unavailable = unavailable
        self._page = page

    def default(self, request: Request, exception: Exception) -> HTTPResponse:
        """The response to any exception."""
        problem = self._problem(exception)
        reference = getattr(request.ctx, "request_id", "-")
        if problem.status >= 500:
            expected = isinstance(exception, Problem) or self._unavailable(exception)
            log.error(
                "request_failed",
                request_id=reference,
                route=request.route.path if request.route else None,
                status=problem.status,
                code=problem.code,
                error=type(exception).__name__,
                exc_info=None if expected else exception,
            )
        headers = {"cache-control": "no-store"}
        if problem.retry_after is not None:
            headers["retry-after"] = str(max(1, round(problem.retry_after + 0.5)))
        if problem.status == 401 and problem.code == "session_over":
            headers["www-authenticate"] = "Bearer"
        if isinstance(exception, MethodNotAllowed):
            headers["allow"] = str(exception.headers.get("Allow", ""))
        if request.path.startswith(GEOREPORT):
            return _as_georeport(request.path, problem, headers)
        if wants_page(request):
            return html(self._page(problem, reference), status=problem.status, headers=headers)
        body = {"error": {"code": problem.code, "message": problem.sentence, "reference": reference}}
        return HTTPResponse(
            json.dumps(body), status=problem.status, headers=headers, content_type="application/json"
        )

    def _problem(self, exception: Exception) -> Problem:
        if isinstance(exception, Problem):
            return exception
        if isinstance(exception, BodyRefused):
            wait = 5.0 if exception.status == 429 else None
            return Problem(exception.status, exception.code, exception.sentence, retry_after=wait)
        if isinstance(exception, CancelledError):
            # The client disconnected before its request, or our response, was complete. Nobody reads this.
            return Problem(HUNG_UP, "hung_up", "The request was not completed.")
        if self._unavailable(exception):
            return unavailable()
        if isinstance(exception, NotFound):
            return Problem(
                404, "not_found", "There is nothing at this address. Check it, or start at the home page."
            )
        if isinstance(exception, MethodNotAllowed):
            return Problem(405, "method_not_allowed", "This address does not take this kind of request.")
        if isinstance(exception, PayloadTooLarge):
            return Problem(
                413, "too_large", "This is too large to send. Nothing was kept. Send less and try again."
            )
        if isinstance(exception, SanicException) and 400 <= exception.status_code < 500:
            return Problem(
                exception.status_code, "bad_request", "This request could not be read. Nothing was changed."
            )
        if isinstance(exception, SanicException) and exception.status_code == 503:
            return Problem(
                503, "too_slow", "This took too long and was stopped. Please try again.", retry_after=2
            )
        return Problem(
            500,
            "our_fault",
            "Something went wrong on our side. What you had sent before is kept. Please try again.",
        )


def _as_georeport(path: str, problem: Problem, headers: dict[str, str]) -> HTTPResponse:
    """A refusal as GeoReport writes it, also where there is nothing at an address: XML unless JSON was asked for."""
    form = "json" if path.endswith(".json") else "xml"
    document = render.errors_document([(problem.status, problem.sentence)])
    body = render.render("errors", document, form)
    return HTTPResponse(body, problem.status, headers, content_type=render.TYPES[form])


def wants_page(request: Request) -> bool:
    """Whether the client is a browser, where a person reads a page, rather than a program."""
    path = request.path
    if path.startswith(("/chat/v1", "/webhooks/", "/open311/", "/metrics", "/ready", "/live")):
        return False
    accept = request.headers.getone("accept", "")
    return "text/html" in accept
