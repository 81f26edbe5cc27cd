"""Wake-ups over Redis. Readers poll the database as well, so an outage of Redis only delays them."""

import asyncio
import contextlib
import json
import time
from collections import deque
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

WORK = "civicdesk:wake"
OUTBOX = "civicdesk:outbox"
CONSOLE = "civicdesk:console"
POLL = 2.0  # seconds between polls of the database while Redis is unavailable
SAFETY = 10.0  # the same while Redis is connected: a publisher may have lost its connection before we noticed
PING = 5.0  # seconds of silence after which we ping Redis

Note = dict[str, str]


class Wakes:
    """Wake-ups of one reader. Use as `async with live.contact(id) as wakes: async for _ in wakes: read…`.
    The first wake-up comes immediately, the next when something has happened, and in any case every few
    seconds: read the database on each. `wait(timeout)` does the same for long polls.
    """

    def __init__(self, live: "Live", channel: str, *, noted: bool = True) -> None:
        self._live = live
        self._channel = channel
        self._event = asyncio.Event()
        self._event.set()
        # A reader that never reads the notes must not accumulate them: thousands of widgets stay open for
        # hours.
        self._notes: deque[Note] | None = deque(maxlen=200) if noted else None

    async def __aenter__(self) -> Self:
        self._live._join(self._channel, self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live._leave(self._channel, self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> None:
        await self.wait(SAFETY)

    async def wait(self, timeout: float) -> bool:
        """Wait for at most `timeout` seconds. Returns True when woken or when the next poll of the database
        is due, False when the time is up."""
        pause = self._live.pause
        try:
            async with asyncio.timeout(min(timeout, pause)):
                await self._event.wait()
        except TimeoutError:
            return pause < timeout
        self._event.clear()
        return True

    def taken(self) -> list[Note]:
        """The publishers' notes ({"conversation", "kind"}) since the last call; used by the console's
        stream."""
        notes = list(self._notes or ())
        if self._notes is not None:
            self._notes.clear()
        return notes

    def wake(self, note: Note | None = None) -> None:
        """Called by Live."""
        if note and self._notes is not None:
            self._notes.append(note)
        self._event.set()


class Live:
    """One subscribed Redis connection per process, fanned out in memory. Build one, `start`, `stop`."""

    def __init__(self, redis_url: str) -> None:
        options: dict[str, Any] = {
            "decode_responses": True,
            "socket_connect_timeout": 2,
            "retry": Retry(NoBackoff(), 0),  # we reconnect ourselves: every reader must be woken afterwards
        }
        self._listening: Redis = Redis.from_url(redis_url, **options)
        self._telling: Redis = Redis.from_url(redis_url, socket_timeout=2, **options)
        self._readers: dict[str, set[Wakes]] = {}
        self._changed = asyncio.Event()
        self._moved: set[str] = set()  # channels whose first reader joined or whose last one left
        self._task: asyncio.Task[None] | None = None
        self._untold: set[tuple[str, str]] = set()  # (channel, note) for other processes
        self._teller: asyncio.Task[None] | None = None
        self._stopped = False
        self._muted_until = 0.0
        self._log = structlog.get_logger("live")
        self.connected = False

    @property
    def pause(self) -> float:
        """Seconds until a reader polls the database without a wake-up."""
        return SAFETY if self.connected else POLL

    async def start(self) -> None:
        """Start listening; returns immediately, with or without Redis."""
        self._task = asyncio.create_task(self._listen(), name="live")

    async def stop(self) -> None:
        """Disconnect from Redis."""
        # The Redis client may swallow a cancellation (Python 3.11's wait_for does): the loops check the flag,
        # and one that is still connecting is cancelled again.
        self._stopped = True
        self._changed.set()
        if self._teller is not None:
            await asyncio.wait({self._teller}, timeout=2)
            self._teller.cancel()
        while self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=0.2)
        for client in (self._listening, self._telling):
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()

    def contact(self, contact_id: UUID, *, noted: bool = True) -> Wakes:
        """Wake-ups for one contact's log and state; `noted` keeps the notes for `taken`."""
        return Wakes(self, _channel(contact_id), noted=noted)

    def console(self) -> Wakes:
        """Wake-ups for everything agents can see."""
        return Wakes(self, CONSOLE)

    def work(self) -> Wakes:
        """Wake-ups for the workers: a citizen wrote."""
        return Wakes(self, WORK)

    def items(self) -> Wakes:
        """Wake-ups for delivery: an outbox item was added, or may be sent now."""
        return Wakes(self, OUTBOX)

    async def tell(
        self, contact_id: UUID, conversation_id: UUID | None, kind: str, *, items: bool = False
    ) -> None:
        """Wake the contact's readers and the console: call AFTER the commit. `items`: wake delivery too. Never raises Redis
        errors."""
        note = {"conversation": str(conversation_id or ""), "kind": kind}
        await self._publish((_channel(contact_id), CONSOLE, *((OUTBOX,) if items else ())), note)

    async def tell_console(self, kind: str) -> None:
        """Wake the console and the routing: something changed that is no conversation's. As `tell`."""
        await self._publish((CONSOLE,), {"conversation": "", "kind": kind})

    async def wake_workers(self, *, items: bool = False) -> None:
        """Tell the workers that there is an event or (`items`) an outbox item. Redis errors are never
        raised."""
        await self._publish((OUTBOX,) if items else (WORK,), {"kind": "outbox" if items else "event"})

    async def _publish(self, channels: tuple[str, ...], note: Note) -> None:
        # Readers in this process need no Redis.
        for channel in channels:
            self._wake(channel, note)
        if self._stopped or time.monotonic() < self._muted_until:
            return
        words = json.dumps(note)
        self._untold.update((channel, words) for channel in channels)
        # The caller does not wait for Redis; notes that arrive meanwhile are sent together.
        if self._teller is None or self._teller.done():
            self._teller = asyncio.create_task(self._tell_others(), name="live-tell")

    async def _tell_others(self) -> None:
        while self._untold:
            told, self._untold = self._untold, set()
            for last in (False, True):
                try:
                    async with self._telling.pipeline(transaction=False) as pipeline:
                        for channel, words in told:
                            pipeline.publish(channel, words)
                        await pipeline.execute()
                    break
                except (RedisError, OSError) as error:
                    # The first failure may be a connection that was lost when Redis restarted.
                    if last:
                        self._muted_until = time.monotonic() + 1.0
                        self._log.warning("redis_away", error=type(error).__name__)

    def _wake(self, channel: str, note: Note | None = None) -> None:
        for reader in tuple(self._readers.get(channel, ())):
            reader.wake(note)

    def _wake_all(self) -> None:
        for channel in tuple(self._readers):
            self._wake(channel)

    def _join(self, channel: str, reader: Wakes) -> None:
        self._readers.setdefault(channel, set()).add(reader)
        self._moved.add(channel)
        self._changed.set()

    def _leave(self, channel: str, reader: Wakes) -> None:
        readers = self._readers.get(channel, set())
        readers.discard(reader)
        if not readers:
            self._readers.pop(channel, None)
            self._moved.add(channel)
            self._changed.set()

    async def _listen(self) -> None:
        pause = 0.1
        while not self._stopped:
            try:
                async with self._listening.pubsub() as pubsub:
                    await pubsub.subscribe(WORK)  # so that there is always something to listen to
                    self.connected = True
                    pause = 0.1
                    await self._follow(pubsub)
            except* (RedisError, OSError) as group:
                if self.connected:
                    self._log.warning("redis_lost", error=type(group.exceptions[0]).__name__)
                self.connected = False
                self._wake_all()  # everything published in the meantime is in the database
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _follow(self, pubsub: Any) -> None:
        """Read messages and keep the subscriptions in line with the readers, until either fails."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read(pubsub))
            group.create_task(self._keep_joined(pubsub))

    async def _read(self, pubsub: Any) -> None:
        while not self._stopped:
            self._dispatch(await pubsub.get_message(timeout=PING))

    def _dispatch(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        if message["type"] == "subscribe":
            self._wake(message["channel"])  # for what was written before we subscribed
        elif message["type"] == "message":
            with contextlib.suppress(ValueError):
                note = json.loads(message["data"])
                self._wake(message["channel"], note if isinstance(note, dict) else None)

    async def _keep_joined(self, pubsub: Any) -> None:
        joined = {WORK}
        self._moved = set(self._readers)
        while not self._stopped:
            self._changed.clear()
            # Only the changes since the last pass, not all channels: thousands of widgets connect one after
            # the other.
            moved, self._moved = self._moved - {WORK}, set()
            coming = {channel for channel in moved if channel in self._readers} - joined
            going = {channel for channel in moved if channel not in self._readers} & joined
            if coming:
                await pubsub.subscribe(*coming)
            if going:
                await pubsub.unsubscribe(*going)
            joined.update(coming)
            joined.difference_update(going)
            try:
                async with asyncio.timeout(PING):
                    await self._changed.wait()
            except TimeoutError:
                await pubsub.ping()  # detects a peer that vanished without closing the connection


def _channel(contact_id: UUID) -> str:
    return f"civicdesk:contact:{contact_id}"
