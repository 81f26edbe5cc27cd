"""Any order of things: people queue, agents come, go, take, decline, and die; two workers push at once. Then a model that
reads plain rows says: nothing is stranded, nobody is pushed above capacity, and no place is lost."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from city import City
from desk.conversations.ownership import Ownership
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Conversation, DeskError
from desk.routing.offers import Offers
from desk.routing.presence import PAGE_LIFE
from desk.runtime.live import Live
from desk.store.pool import open_store
from tests.support.routing import FRONT, Work, work_at

T = TypeVar("T")
AGENTS = st.sampled_from([0, 1, 2])
LANGUAGES = st.sampled_from(["en", "es", "fr"])
URGENCIES = st.sampled_from([None, None, "fire"])
PUSHED = st.sampled_from([True, True, False])
SPEAKS = (("en",), ("es",), ())


def machine_of(
    work: Work, other: Work, ownership: Ownership, runner: asyncio.Runner
) -> type[RuleBasedStateMachine]:
    """The machine for two workers on one database."""
    pool = work.store.pool

    class Queue(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.do(pool.execute("TRUNCATE contacts, agents, conversation_offers CASCADE"))
            work.now = other.now = datetime.now().astimezone()
            self.agents: list[Actor] = [
                self.do(work.agent(f"Agent {n}", capacity=2, languages=SPEAKS[n])) for n in range(3)
            ]
            self.queued_at: dict[UUID, datetime | None] = {}
            for language in ("en", "es", "fr", "en"):
                self.add(language, None)

        def do(self, what: Coroutine[Any, Any, T]) -> T:
            return runner.run(what)

        def add(self, language: str, urgency: str | None) -> None:
            one: Conversation = self.do(work.queued(language=language, urgency=urgency))
            self.queued_at[one.id] = one.queued_at

        @rule(languages=st.lists(LANGUAGES, min_size=1, max_size=4), urgency=URGENCIES, pushed=PUSHED)
        def queue(self, languages: list[str], urgency: str | None, pushed: bool) -> None:
            for language in languages:
                self.add(language, urgency)
            if pushed:
                self.push()

        @rule(
            agent=AGENTS, state=st.sampled_from(["available", "available", "break", "offline"]), pushed=PUSHED
        )
        def choose(self, agent: int, state: Any, pushed: bool) -> None:
            self.do(work.choose(self.agents[agent], state))
            if pushed:
                self.push()

        @rule(agent=AGENTS)
        def page_dies(self, agent: int) -> None:
            self.do(work.upkeep.presences.saw_page(self.agents[agent], work.now - PAGE_LIFE))

        @rule(agent=AGENTS, act=st.sampled_from(["accept", "accept", "decline"]))
        def answer(self, agent: int, act: str) -> None:
            actor = self.agents[agent]
            for one in self.do(work.offered(actor))[:1]:
                self.do(getattr(Offers(ownership), act)(actor, one))

        @rule(agent=AGENTS)
        def claim_next(self, agent: int) -> None:
            self.do(ownership.claim_next(self.agents[agent]))

        @rule(agent=AGENTS, act=st.sampled_from(["resolve", "resolve", "release"]), pushed=PUSHED)
        def let_go(self, agent: int, act: str, pushed: bool) -> None:
            actor = self.agents[agent]
            row = self.do(
                pool.fetchrow(
                    "SELECT id FROM conversations WHERE agent_id = $1 AND state = 'assigned' LIMIT 1",
                    actor.agent_id,
                )
            )
            if row:
                with suppress(DeskError):
                    self.do(getattr(ownership, act)(actor, row["id"]))
            if pushed:
                self.push()

        @rule()
        def time_passes(self) -> None:
            """Offers and absences come to their end."""
            self.do(
                pool.execute(
                    "UPDATE conversation_offers SET expires_at = clock_timestamp() WHERE outcome IS NULL"
                )
            )
            work.now += timedelta(minutes=3)
            for actor in self.agents:
                if self.do(work.presence(actor)).state != "offline":
                    self.do(work.touch(actor))
            self.do(work.upkeep.look())

        def push(self) -> None:
            """Two workers at once; then nothing is left that somebody could take."""
            before = self.loads()

            async def both() -> None:
                await asyncio.gather(work.upkeep.pushing.drain(), other.upkeep.pushing.drain())

            self.do(both())
            after = self.loads()
            for actor in self.agents:
                given = after[actor.agent_id] - before[actor.agent_id]
                assert given == 0 or after[actor.agent_id] <= 2, "pushed above capacity"
            available = {
                row["agent_id"]
                for row in self.do(
                    pool.fetch("SELECT agent_id FROM agent_presence WHERE state = 'available'")
                )
            }
            declined = {
                (row["conversation_id"], row["agent_id"])
                for row in self.do(
                    pool.fetch(
                        "SELECT conversation_id, agent_id FROM conversation_offers WHERE outcome = 'declined'"
                    )
                )
            }
            for row in self.do(
                pool.fetch("""SELECT id, language, urgency FROM conversations v WHERE state = 'queued' AND NOT EXISTS (
                    SELECT 1 FROM conversation_offers o WHERE o.conversation_id = v.id AND o.outcome IS NULL)""")
            ):
                could = [
                    actor
                    for number, actor in enumerate(self.agents)
                    if actor.agent_id in available
                    and after[actor.agent_id] < 2
                    and (row["urgency"] or not SPEAKS[number] or row["language"] in SPEAKS[number])
                    and (row["id"], actor.agent_id) not in declined
                ]
                assert could == [], "stranded"

        @invariant()
        def no_place_is_lost_and_nobody_shares(self) -> None:
            rows = self.do(pool.fetch("SELECT id, state, agent_id, queued_at FROM conversations"))
            for row in rows:
                assert row["queued_at"] == self.queued_at[row["id"]]
                assert (row["state"] == "queued") == (row["agent_id"] is None)
            stale = self.do(
                pool.fetchval("""SELECT count(*) FROM conversation_offers o JOIN conversations v
                ON v.id = o.conversation_id WHERE o.outcome IS NULL AND o.fence <> v.fence""")
            )
            assert stale == 0

        def loads(self) -> Counter[UUID]:
            rows = self.do(
                pool.fetch("""SELECT agent_id FROM conversations WHERE state = 'assigned'
                UNION ALL SELECT agent_id FROM conversation_offers WHERE outcome IS NULL""")
            )
            return Counter(row["agent_id"] for row in rows)

    return Queue


def test_any_order_of_things(pg_url: str, redis_url: str, city: City, catalog: Catalog) -> None:
    with asyncio.Runner() as runner:
        live = Live(redis_url)
        stores = [runner.run(open_store(pg_url, size=4)) for _ in range(2)]
        runner.run(live.start())
        work, other = (work_at(store, live, city, catalog) for store in stores)
        runner.run(work.team(FRONT))
        ownership = Ownership(work.store, live, city, catalog, work.clock)
        try:
            run_state_machine_as_test(
                machine_of(work, other, ownership, runner),
                settings=settings(
                    max_examples=8,
                    stateful_step_count=18,
                    deadline=None,
                    database=None,
                    phases=[Phase.explicit, Phase.generate],  # to shrink a failure: add Phase.shrink
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(live.stop())
            for store in stores:
                runner.run(store.close())
