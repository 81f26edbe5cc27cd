"""The guard: authenticates requests, checks that they come from our pages, and renders errors. Every
handler of the console goes through `Guard.page`. A POST without the session's CSRF token changes nothing.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import asyncpg
import structlog
from sanic import Request
from sanic.response import HTTPResponse, redirect

from console.cookies import SESSION
from console.deps import ConsoleDeps
from console.rendering import HEADERS, Pages
from console.security_events import SecurityEvents
from desk.model import Actor, AlreadyClaimed, DeskError, NotAllowed, NotFound, Refused, Scope, WrongState
from desk.people.permissions import Permission, may, scope_of
from desk.people.sessions import Session, session_of
from desk.routing.presence import Presences
from desk.store.dialogue import desk_rows
from desk.store.pool import UNREACHABLE, Executor
from forms.cookies import Cookies
from forms.errors import BodyRefused
from forms.form import EMPTY, Form
from forms.request import read_form

log = structlog.get_logger("console")

BESIDE = 6
"""Requests that pages make on their own, served at once: hundreds of pages fetch their lists after one change, and whoever
clicks meanwhile finds connections to the database that are free, and few others to share the processors with."""

TOO_FAST = ("too_fast", "Please wait", "This page was loaded too often. Load it again in a moment.")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in agent."""

    request: Request
    session: Session
    now: datetime
    form: Form = EMPTY

    @property
    def actor(self) -> Actor:
        """The agent making the request."""
        return self.session.actor

    def field(self, name: str) -> str:
        """A form field, with normalised line ends and without NUL; empty if it was not sent."""
        return form_field(self.form, name)

    @property
    def scope(self) -> Scope:
        """Which conversations the agent may see in lists. Raises NotAllowed if none."""
        return scope_of(self.actor)

    @property
    def scripted(self) -> bool:
        """Whether the request comes from the page's script (JSON back) or from the browser itself (a page
        back)."""
        return "application/json" in self.request.headers.getone("accept", "")


async def counts_of(executor: Executor, visit: Visit) -> dict[str, Any]:
    """What the bar counts, for those who read conversations."""
    if not may(visit.actor, Permission.READ_CONVERSATIONS):
        return {}
    return {"counts": await desk_rows.count_desk(executor, visit.scope)}


class PageError(Exception):
    """A refusal shown as a page: `title` is a few words, `sentence` is for the person."""

    def __init__(self, status: int, code: str, title: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.title = title
        self.sentence = sentence


Handler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


class Guard:
    """Wraps handlers. Built once with the blueprint."""

    def __init__(
        self, deps: ConsoleDeps, pages: Pages, cookies: Cookies, events: SecurityEvents, presences: Presences
    ) -> None:
        self._events = events
        self._presences = presences
        self._deps = deps
        self._pages = pages
        self._cookies = cookies
        self._beside = asyncio.Semaphore(BESIDE)

    def page(
        self,
        handler: Handler,
        read: Callable[[Request], Awaitable[Form]] | None = None,
        *,
        by_person: bool = True,
        enrolling: bool = False,
        lasting: bool = False,
    ) -> Handler:
        """For agents: `handler(visit, **path)` is called only with a valid session. `read` receives the
        form of a streaming route; it is called only for a request with a valid session. `by_person` is
        false for requests that a page makes on its own: they do not keep an idle session alive. `enrolling`: also
        for those who have to set up a second factor first. `lasting`: it stays open, so it does not count among the requests
        of pages that are served at once."""

        async def guarded(request: Request, **path: Any) -> HTTPResponse | None:
            if by_person or lasting:
                return await served(request, **path)
            async with self._beside:
                return await served(request, **path)

        async def served(request: Request, **path: Any) -> HTTPResponse | None:
            session: Session | None = None
            try:
                session = await self.session(request, by_person=by_person)
                if session is None:
                    return self._sign_in_first(request)
                if session.enrolling and not enrolling:
                    return _enrol_first(request)
                form = EMPTY
                if request.method == "POST":
                    form = await read(request) if read else read_form(request)
                    check_csrf(form, session.csrf)
                await self._deps.teams.read(self._deps.store.pool)
                if by_person and may(session.actor, Permission.ANSWER_CONVERSATIONS):
                    page = "application/json" not in request.headers.getone("accept", "")
                    seen = await self._presences.saw_input(session.actor, self._deps.clock(), page=page)
                    session = replace(session, presence=seen)
                return await handler(Visit(request, session, self._deps.clock(), form), **path)
            except Exception as error:
                return await self._refusal(request, session, error)

        guarded.__name__ = getattr(handler, "__name__", "page")
        return guarded

    def anybody(self, handler: Callable[[Request], Coroutine[Any, Any, HTTPResponse]]) -> Handler:
        """For the sign-in page: no session needed, errors handled the same way. How often one address may load it is
        limited; what it may send has limits of its own (desk/people/attempts.py)."""

        async def guarded(request: Request) -> HTTPResponse:
            try:
                if request.method == "GET" and (wait := await self._deps.wait(request)) > 0:
                    response = self.answer(request, None, PageError(429, *TOO_FAST))
                    response.headers["retry-after"] = str(int(wait) + 1)
                    return response
                return await handler(request)
            except Exception as error:
                return self.answer(request, None, error)

        guarded.__name__ = getattr(handler, "__name__", "page")
        return guarded

    async def session(self, request: Request, *, by_person: bool = False) -> Session | None:
        """The session of the request's cookie, if it is valid. `by_person` restarts its idle limit."""
        token = self._cookies.read(request, SESSION)
        if not token or not token.isascii() or len(token) > 128:
            return None
        return await session_of(
            self._deps.store, token, self._deps.clock(), self._deps.idle, by_person=by_person
        )

    async def _refusal(self, request: Request, session: Session | None, error: Exception) -> HTTPResponse:
        try:
            await self._events.record(session, error)
        except Exception as worse:
            return self.answer(request, session, worse)
        return self.answer(request, session, error)

    def answer(self, request: Request, session: Session | None, error: Exception) -> HTTPResponse:
        """The page (or JSON for the script) for an error; the log records the error type and where it came
        from."""
        problem = as_page_error(error)
        if problem.status >= 500:
            expected = problem.status == 503
            log.error(
                "console_failed",
                path=request.route.path if request.route else None,
                error=type(error).__name__,
                exc_info=None if expected else error,
            )
        if "application/json" in request.headers.getone("accept", ""):
            return failure(problem)
        return self._pages.problem(problem.status, problem.title, problem.sentence, session=session)

    def _sign_in_first(self, request: Request) -> HTTPResponse:
        if request.method != "GET" or "text/html" not in request.headers.getone("accept", "text/html"):
            raise PageError(
                401, "session_over", "Please sign in", "Your session has ended. Sign in again to go on."
            )
        path = request.path + (f"?{request.query_string}" if request.query_string else "")
        return redirect(f"/console/sign-in?next={quote(path, safe='')}", headers=dict(HEADERS), status=303)


def _enrol_first(request: Request) -> HTTPResponse:
    if request.method == "GET" and "text/html" in request.headers.getone("accept", "text/html"):
        return go_to("/console/account/second-factor")
    raise PageError(
        403,
        "enrol_first",
        "A second factor first",
        "Set up a second factor before you go on. Nothing was changed.",
    )


def form_field(form: Form, name: str) -> str:
    """A form field made safe for the database and a page; empty if it was not sent."""
    return form.get(name).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def check_csrf(form: Form, expected: str) -> None:
    """Raise PageError 403 unless the form contains this token (compared in constant time)."""
    given = form_field(form, "csrf")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise PageError(
            403,
            "form_not_ours",
            "This form could not be accepted",
            "It did not come from your present session. Nothing was changed. Go back, reload the page and try again.",
        )


def as_page_error(error: Exception) -> PageError:
    """The page shown to a person for an error."""
    match error:
        case PageError():
            return error
        case BodyRefused():
            return PageError(error.status, error.code, "This could not be taken", error.sentence)
        case NotFound() | NotAllowed():
            return PageError(
                404, "not_found", "Nothing here", "There is no such page, or it belongs to another team."
            )
        case AlreadyClaimed():
            return PageError(409, "already_claimed", "Already claimed", claimed_by(error))
        case WrongState():
            return PageError(409, "moved_on", "The conversation moved on", f"{error} Nothing was changed.")
        case Refused():
            return PageError(422, error.code, "This cannot be sent", str(error))
    if isinstance(error, UNREACHABLE) or (
        isinstance(error, asyncpg.PostgresError | DeskError) and away(error)
    ):
        return PageError(
            503,
            "unavailable",
            "The desk cannot be reached for a moment",
            "The database does not answer. What was sent before is kept. Wait a little and try again.",
        )
    return PageError(
        500,
        "our_fault",
        "Something went wrong on our side",
        "It was written down for the people who run this desk. What was sent before is kept. Please try again.",
    )


def away(error: Exception) -> bool:
    """Whether PostgreSQL reports that it cannot serve now (starting, stopping, out of connections,
    read-only)."""
    code = getattr(error, "sqlstate", None) or ""
    return type(error).__name__ == "DatabaseUnavailable" or code[:2] in ("08", "53", "57") or code == "25006"


def claimed_by(error: AlreadyClaimed) -> str:
    """The sentence for the agent who claimed second."""
    return f"{error.by} claimed this a moment ago."


def failure(problem: PageError) -> HTTPResponse:
    """JSON for the page's script."""
    body = json.dumps({"error": {"code": problem.code, "message": problem.sentence}})
    return HTTPResponse(body, problem.status, HEADERS, content_type="application/json")


def success(**values: object) -> HTTPResponse:
    """JSON for the page's script."""
    return HTTPResponse(json.dumps(values), 200, HEADERS, content_type="application/json")


def go_to(path: str) -> HTTPResponse:
    """Redirect after a POST, so that a reload sends nothing twice. `path` must be ours."""
    return redirect(path, headers=dict(HEADERS), status=303)
