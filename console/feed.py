"""One read for all open pages of a gateway: changes are read once, and each page gets those that concern it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from console.deps import ConsoleDeps
from console.open_page import Concerns, OpenPage, Shown
from desk.people.permissions import scope_of
from desk.people.sessions import Session, hash_of, sessions_of_tokens
from desk.routing.presence import Presences
from desk.runtime.error_place import where
from desk.runtime.live import Wakes
from desk.store.dialogue import for_all
from desk.store.dialogue.for_all import AllCounts, Mark
from desk.store.pool import UNREACHABLE
from desk.store.routing.presence import Presence

log = structlog.get_logger("console")

EVERY = 0.3
"""Seconds between two reads: what happens meanwhile is read together."""
SETTLE = 0.05
"""Seconds between a wake-up and the read: whoever acted gets their answer first, and so do others who act at this moment."""
CALM = 2.0
"""Seconds between two events of a page for what concerns others only. What is urgent, or the agent's own, does not wait."""
SLICES = 15
"""Pages are told in so many parts, so that an agent's click does not wait behind hundreds of them."""
POLL = 4.0
"""Seconds until the next read if nothing wakes us. It looks at everything that agents have, not only at what says that it
changed."""
SIGN_EVERY = timedelta(seconds=20)
"""An open page counts as a sign of life at most so often."""
RECENT = timedelta(seconds=30)
"""A change is looked for so far back, because it may be committed later than it is dated."""
RECENT_POLLED = timedelta(minutes=2)
"""The same for the reads without a wake-up: longer than any transaction."""


class DeskFeed:
    """Built once with the blueprint. It reads while at least one page is open."""

    def __init__(self, deps: ConsoleDeps, presences: Presences) -> None:
        self._deps = deps
        self._presences = presences
        self._pages: set[OpenPage] = set()
        self._known: dict[UUID, Mark] = {}
        self._counts: AllCounts | None = None
        self._polled_at = 0.0
        self._read_at: datetime | None = None
        self._joined = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self.version = 0
        """Grows with every change that was read. What was read from the database since then is still true."""
        self.versions: Counter[UUID] = Counter()
        """The same for what an agent has: only with changes of it."""

    @asynccontextmanager
    async def page(self, token: str, session: Session) -> AsyncIterator[OpenPage]:
        """A page that is open inside the block."""
        page = OpenPage(hash_of(token), session)
        self._pages.add(page)
        self._joined.set()
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._follow(), name="desk-feed")
        try:
            yield page
        finally:
            self._pages.discard(page)
            if not self._pages and self._reading is not None:
                over, self._reading, self._known, self._counts = self._reading, None, {}, None
                over.cancel()
                await asyncio.wait({over}, timeout=1)

    @property
    def counts(self) -> AllCounts | None:
        """Everybody's counts as they were read last; None while no page is open."""
        return self._counts

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._deps.live.console() as wakes:
            while True:
                began = loop.time()
                self._joined.clear()
                try:
                    await self._read(wakes, polled=began - self._polled_at >= POLL)
                except UNREACHABLE as error:
                    log.warning("stream_waits_for_database", error=type(error).__name__)
                    self._polled_at = 0.0  # changes announced meanwhile may be lost: read everything
                except Exception as error:
                    # Every open page waits for this reader: it must not end while they are open.
                    log.error("feed_broke", error=type(error).__name__, where=where(error))
                    self._polled_at = 0.0
                await self._tell_calm()
                await self._something(wakes)
                await asyncio.sleep(SETTLE)

    async def _tell_calm(self) -> None:
        """The time until the next read; meanwhile those whose turn it is are told what concerns others, a few at a time."""
        now = asyncio.get_running_loop().time()
        due = [page for page in self._pages if page.calm and now - page.told_at >= CALM]
        size = -(-len(due) // SLICES)
        for part in range(SLICES):
            for page in due[part * size : (part + 1) * size]:
                page.calm, page.told_at = False, now
                page.woken.set()
            await asyncio.sleep(EVERY / SLICES)

    async def _something(self, wakes: Wakes) -> None:
        """Until something changed, a page was opened, or it is time to look anyway."""
        waits = [asyncio.create_task(wakes.wait(POLL)), asyncio.create_task(self._joined.wait())]
        pause = CALM if any(page.calm for page in self._pages) else POLL
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=pause)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _read(self, wakes: Wakes, *, polled: bool) -> None:
        """Everything that any page shows, and what of it concerns each page."""
        pages, now, pool = list(self._pages), self._deps.clock(), self._deps.store.pool
        notes = wakes.taken()
        named = {id for note in notes if (id := _id(note.get("conversation", "")))}
        sessions = await sessions_of_tokens(
            self._deps.store, [page.token_hash for page in pages], now, self._deps.idle
        )
        await self._sign(pages, now)
        agents = {one.actor.agent_id for one in sessions.values()}
        presences = await self._presences.list_of(agents)
        polled = polled or not self._known
        since = min(now, self._read_at or now) - (RECENT_POLLED if polled else RECENT)
        marks = {one.id: one for one in await for_all.list_marks(pool, since, named, in_hand=polled)}
        counts = await for_all.count_all(pool, now)
        changed = self._changed(marks, named, polled=polled)
        if changed or counts != self._counts or notes:
            self.version += 1
        concerns = Concerns(changed)
        self.versions.update(concerns.agents | counts.other_than(self._counts))
        self._counts, self._read_at = counts, now
        if polled:
            self._polled_at = asyncio.get_running_loop().time()
        self._forget(now - RECENT_POLLED)
        for place, page in enumerate(pages):
            self._tell(page, sessions.get(page.token_hash), concerns, counts, presences)
            if place % SLICES == SLICES - 1:
                await asyncio.sleep(0)

    async def _sign(self, pages: list[OpenPage], now: datetime) -> None:
        due = [
            page
            for page in pages
            if page.reads and (page.signed_at is None or now - page.signed_at >= SIGN_EVERY)
        ]
        if due:
            await self._presences.saw_pages(
                {page.session.actor.agent_id for page in due if page.session}, now
            )
        for page in due:
            page.signed_at = now

    def _changed(
        self, marks: dict[UUID, Mark], named: set[UUID], *, polled: bool
    ) -> list[tuple[Mark | None, Mark | None]]:
        """(before, now) of what changed or was named. What an agent had and what is no longer there was erased."""
        found: list[tuple[Mark | None, Mark | None]] = [
            (self._known.get(id), mark)
            for id, mark in marks.items()
            if id in named or self._known.get(id) != mark
        ]
        gone = [id for id, mark in self._known.items() if polled and mark.in_hand and id not in marks]
        found += [(self._known.pop(id), None) for id in gone]
        self._known |= marks
        return found

    def _forget(self, since: datetime) -> None:
        """As late as the widest read looks back: what it would find again must still be known, or it would be told again."""
        self._known = {
            id: mark for id, mark in self._known.items() if mark.in_hand or mark.updated_at > since
        }

    def _tell(
        self,
        page: OpenPage,
        session: Session | None,
        changed: Concerns,
        counts: AllCounts,
        presences: dict[UUID, Presence],
    ) -> None:
        before, page.session = page.session, session
        if before is None or session is None:
            page.woken.set()
            return
        page.alarmed = page.alarmed or session.alarm != before.alarm
        presence = presences.get(session.actor.agent_id)
        if page.reads and presence is not None:
            scope = scope_of(session.actor)
            page.shown = Shown(
                counts.of(scope), counts.calls(scope.agent_id), (presence.state, presence.shown)
            )
            if not page.first:
                page.conversations.update(changed.of(scope))
        if page.alarmed or page.first or page.presses(changed.own_of(session.actor.agent_id)):
            page.woken.set()
        elif page.conversations or page.shown != page.told:
            page.calm = True


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
