"""The agents over HTTP, through the console's pages and forms, and a supervisor at the wall."""

import asyncio
import random
import re
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import aiohttp

from bench.busy_hour.citizens import FIRST, SECOND
from bench.busy_hour.marks import MARKED_WITHIN, Marks, unread_in
from bench.support.processes import BenchError
from desk.model import Actor, Role
from desk.people.sessions import open_session
from desk.runtime.clock import utc_now
from desk.store.people import agents
from desk.store.pool import Store
from desk.store.routing import presence

AT_ONCE = 4
PAUSE = (0.2, 0.8)  # seconds between two acts: an hour is compressed
WALL_EVERY = 3.0


@dataclass
class Claims:
    """Who was shown which conversation after "Next", in this order."""

    made: list[tuple[str, UUID]] = field(default_factory=list)


@dataclass(frozen=True)
class SignedIn:
    """An agent with a session."""

    actor: Actor
    token: str
    csrf: str

    @property
    def cookie(self) -> dict[str, str]:
        """As a browser sends it."""
        return {"cookie": f"civicdesk_agent={self.token}"}


async def sign_in(store: Store, number: int, role: Role = "agent") -> SignedIn:
    """A new agent of the front desk who is at work. Sessions are made in the database: 33 password hashes would take longer than
    the rest of the start."""
    made = await store.pool.fetchval(
        """INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, $2, $3, '{front-desk}', '-') RETURNING id""",
        f"agent-{number}@bench.example",
        f"Agent {number}",
        role,
    )
    await agents.set_work(store.pool, made, [], [], AT_ONCE)
    actor, now = Actor(made, f"Agent {number}", role, ("front-desk",)), utc_now()
    new = await open_session(store.pool, actor, f"agent-{number}@bench.example", now)
    await presence.set_chosen(store.pool, made, "available", now, new.expires_at)
    return SignedIn(actor, new.token, new.session.csrf)


class HttpAgent:
    """Answers each unread conversation, resolves it after the second answer, and takes the next."""

    def __init__(
        self, url: str, http: aiohttp.ClientSession, me: SignedIn, claims: Claims, marks: Marks
    ) -> None:
        self._url, self._http, self._me = f"{url}/console", http, me
        self._claims, self._marks = claims, marks
        self._answered: dict[str, int] = {}

    async def work(self, stop: asyncio.Event) -> None:
        """Until it is time to stop."""
        while not stop.is_set():
            unread = await self._marked()
            for id in unread:
                await self._answer(id)
            if len(unread) < AT_ONCE:
                await self._next()
            await asyncio.sleep(random.uniform(*PAUSE))

    async def _marked(self) -> list[str]:
        """What the list marks; what is owed must be marked soon."""
        me, clock = self._me.actor.agent_id, asyncio.get_running_loop()
        owed, end = await self._marks.owed(me), clock.time() + MARKED_WITHIN
        while True:
            unread = unread_in(await self._get("list"))
            if owed <= set(unread) or clock.time() > end:
                break
            owed &= await self._marks.owed(me)
            await asyncio.sleep(0.5)
        await self._marks.compare(me, owed, unread)
        return unread

    async def _next(self) -> None:
        place = await self._post("next", {})
        if found := re.search(r"/conversations/([0-9a-f-]{36})", place):
            self._claims.made.append((self._me.actor.name, UUID(found[1])))

    async def _answer(self, id: str) -> None:
        first = self._answered.get(id, 0) == 0
        text = FIRST if first else SECOND
        where = await self._post(f"conversations/{id}/reply", {"client_id": str(uuid4()), "text": text})
        if not where:
            return  # somebody else has it by now
        self._answered[id] = self._answered.get(id, 0) + 1
        if not first:
            await self._post(f"conversations/{id}/resolve", {"reason": "solved"})

    async def _get(self, path: str) -> str:
        async with self._http.get(f"{self._url}/{path}", headers=self._me.cookie) as answer:
            if answer.status != 200:
                raise BenchError(f"The console answered {answer.status} to {path}.")
            return await answer.text()

    async def _post(self, path: str, form: dict[str, str]) -> str:
        async with self._http.post(
            f"{self._url}/{path}",
            data={"csrf": self._me.csrf, **form},
            headers=self._me.cookie,
            allow_redirects=False,
        ) as answer:
            # 409: the conversation moved on meanwhile, as it may.
            if answer.status not in (200, 303, 409):
                raise BenchError(f"The console answered {answer.status} to {path.rpartition('/')[2]}.")
            return answer.headers.get("location", "")


async def supervise(url: str, http: aiohttp.ClientSession, me: SignedIn, stop: asyncio.Event) -> int:
    """Look at the wall every few seconds; how often."""
    looked = 0
    while not stop.is_set():
        async with http.get(f"{url}/console/wall/live", headers=me.cookie) as answer:
            if answer.status != 200:
                raise BenchError(f"The wall answered {answer.status}.")
            await answer.read()
        looked += 1
        await asyncio.sleep(WALL_EVERY)
    return looked
