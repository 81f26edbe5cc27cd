"""Sends updates to one window, by long poll or event stream; both read the log by sequence number.

A window subscribes before it reads, so that no message is missed, and reads the log by number, so that no
message arrives twice. Wake-ups have no content, so a slow window costs one waiting task and no queue.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sanic import Request

from desk.conversations.state import contact_state
from desk.model import Contact, Message
from desk.store.dialogue import messages as log_rows
from desk.store.inbound import web_sessions
from desk.store.pool import UNREACHABLE
from gateway.citizen.views import correction_of, message_view, state_view
from gateway.deps import Deps
from gateway.problems import Problem, session_over

log = structlog.get_logger("gateway")

PAGE = 200
PING = 15.0  # seconds without news after which a comment is sent to keep proxies from closing the connection
LIFE = 3_600.0  # seconds; then the window reconnects, and its token is checked again
QUIET = 10.0  # seconds between reads of the log's last number while Redis reports nothing
EVERYTHING = 60.0  # seconds between full reads meanwhile: the office opens without sending a message
QUEUED = 5.0  # same as QUIET, for citizens in the queue: they move up without any message to them
MISSED = 1.0  # same as QUIET, after a read that failed because the database was unavailable
SEND_PATIENCE = 20.0  # seconds; a window that accepts no data for this long is dropped, and resumes by number

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class Window:
    """The client of a poll or stream: its contact, the key of its verified token, and its address."""

    contact: Contact
    key: bytes
    address: str


async def poll(deps: Deps, window: Window, after: int, wait: float) -> dict[str, Any]:
    """The messages above `after`, and the state; waits up to `wait` seconds for a message or a change of
    state.

    Does not wait if this session or address has too many waits open. Raises Problem 401 if the session ends
    meanwhile."""
    contact = window.contact
    page = await _page(deps, contact.id, after)
    state = await _state(deps, contact.id)
    corrected = await _corrected(deps, contact.id)
    if not page and wait > 0:
        loop = asyncio.get_running_loop()
        end, before, known = loop.time() + wait, state, corrected
        with deps.closing.waits(), deps.waits.slot(contact.id, window.address) as full:
            async with deps.live.contact(contact.id, noted=False) as wakes:
                while (
                    not full
                    and not page
                    and state == before
                    and corrected == known
                    and not deps.closing.closed
                    and (left := end - loop.time()) > 0
                ):
                    await wakes.wait(left)
                    await _check_session(deps, window)
                    page = await _page(deps, contact.id, after)
                    state = await _state(deps, contact.id)
                    corrected = await _corrected(deps, contact.id)
    earlier = [seq for seq in corrected if seq <= after]
    changed = await log_rows.list_numbered(deps.store.pool, contact.id, earlier) if earlier else []
    more = len(page) > PAGE
    page = page[:PAGE]
    return {
        "messages": [message_view(message) for message in page],
        "corrected": [message_view(message) for message in changed],
        "state": state,
        "last_seq": page[-1].seq if page else after,
        "more": more,
    }


async def _page(deps: Deps, contact_id: UUID, after: int) -> list[Message]:
    # One row more than a page, to see whether there are more.
    return await log_rows.list_after(deps.store.pool, contact_id, after, PAGE + 1)


async def _corrected(deps: Deps, contact_id: UUID) -> Mapping[int, int]:
    return (await log_rows.get_marks(deps.store.pool, contact_id)).corrected


async def _state(deps: Deps, contact_id: UUID) -> dict[str, Any]:
    return state_view(await contact_state(deps.store.pool, deps.city, contact_id, deps.clock()))


async def _check_session(deps: Deps, window: Window) -> None:
    if not await web_sessions.is_open(deps.store.pool, window.key, deps.clock()):
        raise session_over()


async def stream(deps: Deps, request: Request, window: Window, after: int) -> None:
    """Stream until the client disconnects, its session ends, the gateway closes or an hour has passed.

    Raises Problem 429 if this session or address has too many waits open."""
    with deps.waits.slot(window.contact.id, window.address) as full:
        if full:
            raise Problem(429, full.code, full.sentence, retry_after=5)
        deps.metrics.streams.inc()
        try:
            response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
            await _follow(deps, request, response.send, window, after)
            await response.eof()
        finally:
            deps.metrics.streams.dec()


async def _follow(
    deps: Deps, request: Request, send: Callable[[bytes], Awaitable[None]], window: Window, after: int
) -> None:
    contact = window.contact
    loop = asyncio.get_running_loop()
    end = loop.time() + LIFE
    news = Update(deps, window, after)
    sent_at = read_at = 0.0
    try:
        with deps.closing.waits():
            async with deps.live.contact(contact.id, noted=False) as wakes:
                woken = True
                while not deps.closing.closed and not news.over and loop.time() < end:
                    data = b""
                    if woken or news.more:
                        data, read_at = await news.read(), loop.time()
                    elif loop.time() - read_at >= news.patience:
                        data, read_at = await news.glance(), loop.time()
                    if not data and loop.time() - sent_at >= PING:
                        data = b": ping\n\n"
                    if data:
                        async with asyncio.timeout(SEND_PATIENCE):
                            await send(data)
                        sent_at = loop.time()
                    if not news.more and not news.over:
                        due = min(read_at + news.patience, sent_at + PING) - loop.time()
                        # No longer than Live itself would wait: then True means a real wake-up.
                        woken = await wakes.wait(max(min(due, deps.live.pause), 0.05))
    except TimeoutError:
        log.info("slow_window_dropped", contact=str(contact.id))
        transport: Any = request.transport
        if transport is not None:
            transport.abort()


class Update:
    """The news that one window has not been sent yet."""

    def __init__(self, deps: Deps, window: Window, after: int) -> None:
        self._deps = deps
        self._window = window
        self._contact_id = window.contact.id
        self._after = after
        self._resumes = after > 0
        self._state: dict[str, Any] | None = None
        self._statuses: Mapping[str, str] = {}
        self._corrected: Mapping[int, int] = {}
        self.more = False
        self.over = False  # the session has ended, so nothing more will follow
        self._missed = False
        self._read_at = 0.0

    @property
    def patience(self) -> float:
        """Seconds until the database should be read without a wake-up."""
        if self._missed:
            return MISSED
        if not self._deps.live.connected:
            return self._deps.live.pause
        return QUEUED if self._queued else QUIET

    async def read(self) -> bytes:
        """The events since the last call, as bytes of an event stream; empty while the database is
        unavailable."""
        try:
            events = await self._read()
            self._missed, self._read_at = False, asyncio.get_running_loop().time()
            return events
        except UNREACHABLE as error:
            # The stream stays open: thousands of windows reconnecting at once would not help a database that
            # is starting.
            log.warning("stream_waits_for_database", error=type(error).__name__)
            self.more, self._missed = False, True
            return b""

    async def glance(self) -> bytes:
        """Like `read`, but without a wake-up. Thousands of idle windows call it, so it is usually one batched
        query for many."""
        loop = asyncio.get_running_loop()
        if self._settled and loop.time() - self._read_at < EVERYTHING:
            try:
                last = await self._deps.log_positions.last_seq(self._window.key)
            except UNREACHABLE:
                last = None
            if last == self._after:
                return b""
        return await self.read()

    @property
    def _settled(self) -> bool:
        return self._deps.live.connected and not self._missed and not self.more and not self._queued

    @property
    def _queued(self) -> bool:
        return self._state is not None and self._state["owner"] == "queued"

    async def _read(self) -> bytes:
        deps, lines = self._deps, list[bytes]()
        if not await web_sessions.is_open(deps.store.pool, self._window.key, deps.clock()):
            self.over = True
            return b""
        page = await _page(deps, self._contact_id, self._after)
        self.more = len(page) > PAGE
        marks = await log_rows.get_marks(deps.store.pool, self._contact_id)
        statuses, shown = marks.statuses, self._after
        state = await _state(deps, self._contact_id)
        for message in page[:PAGE]:
            lines.append(_event("message", message_view(message), message.seq))
            self._after = message.seq
            if message.client_id:
                self._statuses = {**self._statuses, message.client_id: message.status}
        # A window that resumes may have missed a change to messages it already shows, so it gets every status
        # once.
        told = self._statuses if self._state is not None or not self._resumes else dict.fromkeys(statuses, "")
        for client_id, status in statuses.items():
            if told.get(client_id, status) != status:
                lines.append(_event("status", {"client_id": client_id, "status": status}))
        self._statuses = statuses
        lines += await self._corrections(marks.corrected, shown)
        if state != self._state:
            lines.append(_event("state", state))
            self._state = state
        return b"".join(lines)

    async def _corrections(self, corrected: Mapping[int, int], shown: int) -> list[bytes]:
        """What agents changed or withdrew of the messages up to `shown`. A window that resumes gets each once."""
        news = [seq for seq, times in corrected.items() if seq <= shown and self._corrected.get(seq) != times]
        self._corrected = corrected
        found = await log_rows.list_numbered(self._deps.store.pool, self._contact_id, news) if news else []
        return [_event(correction_of(one) or "edited", message_view(one)) for one in found]


def _event(kind: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    head = f"id: {seq}\n" if seq is not None else ""
    # JSON contains no raw line breaks, so a citizen's text cannot end an event and start another.
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
