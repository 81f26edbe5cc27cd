"""The event stream: tells the page's script WHAT changed (ids and counts); the script then requests
fragments."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import structlog
from sanic import Request

from console.deps import ConsoleDeps
from console.guard import Guard, Visit
from desk.model import Actor
from desk.people.permissions import Permission, may, scope_of
from desk.people.sessions import Session
from desk.routing.presence import Presences
from desk.runtime.live import Wakes
from desk.store.dialogue import desk_rows, listing
from desk.store.pool import UNREACHABLE
from desk.store.replies import reminders

log = structlog.get_logger("console")

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no", "x-content-type-options": "nosniff"}
PING = 12.0
LIFE = 3_600.0
"""Seconds; after that the browser reconnects on its own."""
PATIENCE = 20.0
SIGN_EVERY = timedelta(seconds=20)
"""An open page counts as a sign of life at most so often."""
READERS = 3
"""How many pages of one gateway are read for at once. One claim wakes every open page; if all read together, they use up
the database's connections, and the next claim waits behind them."""
RECENT = timedelta(minutes=2)
"""Longer than any transaction: a change that commits late is still seen."""


class Stream:
    """GET /console/stream."""

    def __init__(self, deps: ConsoleDeps, guard: Guard, presences: Presences) -> None:
        self._presences = presences
        self._deps = deps
        self._guard = guard
        self._reading = asyncio.Semaphore(READERS)

    async def serve(self, visit: Visit) -> None:
        """Stream until the page disconnects, the session ends, the process shuts down or an hour has
        passed."""
        response = await visit.request.respond(
            content_type="text/event-stream; charset=utf-8", headers=HEADERS
        )
        # Whoever reads no conversation is told when the session ends, and of alarms.
        reads = may(visit.actor, Permission.READ_CONVERSATIONS)
        changes = Changes(self._deps, visit.actor, self._presences) if reads else None
        session: Session | None = visit.session
        loop = asyncio.get_running_loop()
        # Something goes out at once: the headers go with it, and the page knows that it is connected.
        end, sent_at = loop.time() + LIFE, loop.time() - PING
        try:
            with self._deps.closing.waits():
                async with self._deps.live.console() as wakes:
                    while session is not None and not self._deps.closing.closed and loop.time() < end:
                        data, session = await self._look(visit.request, session, changes, wakes)
                        if not data and loop.time() - sent_at >= PING:
                            data = b"event: ping\ndata: {}\n\n"  # an event, so that the page sees it
                        if data:
                            async with asyncio.timeout(PATIENCE):
                                await response.send(data)
                            sent_at = loop.time()
                        if session is not None:
                            await wakes.wait(PING / 3)
        except TimeoutError:
            log.info("slow_page_dropped", agent=str(visit.actor.agent_id))
            transport = cast(asyncio.Transport | None, visit.request.transport)
            if transport is not None:
                transport.abort()
            return
        await response.eof()

    async def _look(
        self, request: Request, before: Session, changes: "Changes | None", wakes: Wakes
    ) -> tuple[bytes, Session | None]:
        """The data to send, and the session if it goes on; nothing new while the database is unavailable, or so slow that
        the other pages' reads take too long."""
        try:
            async with asyncio.timeout(PING / 3):
                await self._reading.acquire()
        except TimeoutError:
            return b"", before
        try:
            now = await self._guard.session(request)
            if now is None:
                return _event("signed-out", {}), None
            data = await changes.read(wakes.taken()) if changes else b""
            return data + (_event("alarm", {}) if now.alarm != before.alarm else b""), now
        except UNREACHABLE as error:
            log.warning("stream_waits_for_database", error=type(error).__name__)
            return b"", before
        finally:
            self._reading.release()


class Changes:
    """The changes that one page has not been sent yet, within what its agent may see. Reading them is a sign that
    the page is open."""

    def __init__(self, deps: ConsoleDeps, actor: Actor, presences: Presences) -> None:
        self._deps = deps
        self._actor = actor
        self._scope = scope_of(actor)
        self._presences = presences
        self._leads = may(actor, Permission.ASSIGN_CONVERSATIONS)
        self._shown: tuple[str, str] | None = None
        self._signed_at: datetime | None = None
        self._known: dict[UUID, listing.ChangeMark] | None = None
        self._counts: tuple[desk_rows.DeskCounts, int] | None = None

    async def read(self, notes: list[dict[str, str]]) -> bytes:
        """One event, or nothing."""
        pool, now = self._deps.store.pool, self._deps.clock()
        if self._signed_at is None or now - self._signed_at >= SIGN_EVERY:
            await self._presences.saw_page(self._actor, now)
            self._signed_at = now
        presence = await self._presences.get(self._actor)
        shown, self._shown = self._shown, (presence.state, presence.shown)
        pulses = await listing.list_changed(pool, self._scope, now - RECENT)
        counts = await desk_rows.count_desk(pool, self._scope)
        calls = await reminders.count_calls(pool, self._scope.agent_id, self._deps.clock())
        present = {liveness.id: liveness for liveness in pulses}
        known, self._known = self._known, present
        before, self._counts = self._counts, (counts, calls)
        noted = {note.get("conversation") for note in notes}
        if known is None:
            changed = []
        else:
            changed = [
                str(id) for id, liveness in present.items() if known.get(id) != liveness or str(id) in noted
            ]
            # Conversations no longer visible moved to another agent; a page showing one must be told, and
            # knows the id already.
            changed += [str(id) for id in known if id not in present]
        if known is not None and not changed and self._counts == before and shown == self._shown:
            return b""
        return _event(
            "changed",
            {
                "conversations": changed,
                "waiting": counts.waiting,
                "mine": counts.mine,
                "unanswered": counts.acts,
                "urgent": counts.urgent,
                "calls": calls,
                "paged": counts.paged if self._leads else 0,
                "presence": {"state": presence.state, "shown": presence.shown},
                "first": known is None,
            },
        )


def _event(kind: str, data: dict[str, object]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
