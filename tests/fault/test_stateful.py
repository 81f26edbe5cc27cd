"""Any order of events: deliver, repeat, kill, restart, claim, reply, hand back. A model says what must follow.

The model is what an observer knows for sure: what each citizen was acknowledged for, and since when an agent has it.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from channels.base import Inbound
from city import City
from desk.conversations.messages import MessageWriter
from desk.conversations.ownership import Ownership
from desk.inbound.intake import Intake
from desk.inbound.web_sessions import open_session
from desk.knowledge.catalogue import Catalog
from desk.model import Contact, DeskError, Message
from desk.outbound.undelivered import build_undelivered
from desk.runtime.clock import utc_now
from desk.store.dialogue import conversations, messages, transitions
from desk.store.inbound import events
from tests.support.desk import OPEN
from tests.support.stateful import PERSON, Desk, RunningWorker, close_desk, open_desk

T = TypeVar("T")
WORKERS = st.sampled_from([0, 0, 1])
CITIZENS = st.sampled_from([0, 0, 0, 1])  # things must happen to the same one to meet
AGENTS = st.sampled_from([0, 0, 1])


def machine_of(desk: Desk, runner: asyncio.Runner) -> type[RuleBasedStateMachine]:
    """The machine for this desk."""

    class Conversations(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            writer = MessageWriter(desk.city, desk.catalog)
            undelivered = build_undelivered(desk.store, desk.live, desk.city, writer, utc_now)
            self.intake = Intake(desk.store, desk.live, undelivered)
            self.ownership = Ownership(desk.store, desk.live, desk.city, desk.catalog, utc_now)
            self.workers: list[RunningWorker] = [self.do(desk.start_worker()) for _ in range(2)]
            self.contacts: list[Contact] = [
                self.do(open_session(desk.store, "web", "en", OPEN)).contact for _ in range(2)
            ]
            self.acknowledged: list[list[tuple[str, str]]] = [[], []]  # client id and text, in order
            self.held: list[int | None] = [None, None]  # the log's last number when an agent took it
            self.fences: dict[UUID, int] = {}
            self.numbers = count()

        def do(self, work: Coroutine[Any, Any, T]) -> T:
            return runner.run(work)

        @rule(citizen=CITIZENS, wants_person=st.booleans())
        def deliver(self, citizen: int, wants_person: bool) -> None:
            text = PERSON if wants_person else f"line {next(self.numbers)}"
            client_id = str(uuid4())
            assert self.do(self.post(citizen, client_id, text))
            self.acknowledged[citizen].append((client_id, text))

        @rule(citizen=CITIZENS, which=st.integers(0, 10))
        def repeat(self, citizen: int, which: int) -> None:
            if self.acknowledged[citizen]:
                client_id, text = self.acknowledged[citizen][which % len(self.acknowledged[citizen])]
                assert not self.do(self.post(citizen, client_id, text))

        @rule(worker=WORKERS)
        def begin(self, worker: int) -> None:
            self.do(self.workers[worker].begin())

        @rule(worker=WORKERS)
        def finish(self, worker: int) -> None:
            self.do(self.workers[worker].finish())

        @rule(worker=WORKERS)
        def kill_and_restart(self, worker: int) -> None:
            self.do(self.workers[worker].die())
            self.workers[worker] = self.do(desk.start_worker())

        @rule()
        def leases_end(self) -> None:
            self.do(self.expire())

        @rule(citizen=CITIZENS, agent=AGENTS)
        def claim(self, citizen: int, agent: int) -> None:
            if self.act("claim", citizen, agent):
                self.held[citizen] = self.do(self.log(citizen))[-1].seq

        @rule(worker=WORKERS, citizen=CITIZENS)
        def take_over_while_the_bot_thinks(self, worker: int, citizen: int) -> None:
            self.deliver(citizen, False)
            self.do(self.workers[worker].begin())
            self.claim(citizen, 0)
            self.do(self.workers[worker].finish())

        @rule(citizen=CITIZENS, agent=AGENTS)
        def reply(self, citizen: int, agent: int) -> None:
            self.act("reply", citizen, agent, "An agent's words.", str(uuid4()))

        @rule(citizen=CITIZENS, agent=AGENTS)
        def hand_back(self, citizen: int, agent: int) -> None:
            if self.act("hand_back", citizen, agent):
                self.held[citizen] = None

        @rule(citizen=CITIZENS, agent=AGENTS)
        def release(self, citizen: int, agent: int) -> None:
            if self.act("release", citizen, agent):
                self.held[citizen] = None

        @rule(citizen=CITIZENS, agent=AGENTS)
        def reopen(self, citizen: int, agent: int) -> None:
            last = self.do(self.last_resolved(citizen))
            if last is not None:
                with suppress(DeskError):
                    self.do(self.ownership.reopen(desk.agents[agent], last))

        @rule(citizen=CITIZENS, agent=AGENTS)
        def resolve(self, citizen: int, agent: int) -> None:
            if self.act("resolve", citizen, agent):
                self.held[citizen] = None

        @invariant()
        def nothing_is_lost_doubled_or_out_of_order(self) -> None:
            for citizen in range(2):
                log = self.do(self.log(citizen))
                assert [line.seq for line in log] == list(range(1, len(log) + 1))
                said = [(line.client_id, line.text) for line in log if line.author == "contact"]
                assert said == self.acknowledged[citizen][: len(said)]
                places = {line.id: line.seq for line in log}
                assert all(places[line.reply_to] < line.seq for line in log if line.reply_to)

        @invariant()
        def one_open_conversation_and_fences_only_rise(self) -> None:
            for citizen in range(2):
                rows = self.do(
                    desk.store.pool.fetch(
                        "SELECT id, state, fence FROM conversations WHERE contact_id = $1",
                        self.contacts[citizen].id,
                    )
                )
                assert sum(row["state"] != "resolved" for row in rows) <= 1
                for row in rows:
                    assert row["fence"] >= self.fences.get(row["id"], 0)
                    self.fences[row["id"]] = row["fence"]

        @invariant()
        def each_change_has_its_row(self) -> None:
            for citizen in range(2):
                for row in self.do(
                    desk.store.pool.fetch(
                        "SELECT id, state, agent_id, team FROM conversations WHERE contact_id = $1",
                        self.contacts[citizen].id,
                    )
                ):
                    changes = self.do(transitions.list_of_conversation(desk.store.pool, row["id"]))
                    stood = [(one.to_state, one.to_agent_id, one.to_team) for one in changes]
                    left = [(one.from_state, one.from_agent_id, one.from_team) for one in changes]
                    assert left == [(None, None, None), *stood[:-1]]
                    assert stood[-1] == (row["state"], row["agent_id"], row["team"])
                    assert all(before != after for before, after in zip(left, stood, strict=True))
                    assert "unknown" not in {one.actor_kind for one in changes}

        @invariant()
        def the_bot_is_silent_while_an_agent_has_it(self) -> None:
            for citizen, since in enumerate(self.held):
                if since is not None:
                    log = self.do(self.log(citizen))
                    assert not [line for line in log if line.seq > since and line.author == "bot"]

        def teardown(self) -> None:
            for worker in self.workers:
                self.do(worker.die())
            last = self.do(desk.start_worker())
            last.waiting_bot.opened.set()
            for _ in range(50):
                self.do(self.expire())
                self.do(last.begin())
                self.do(_all(last.turns))
                if not self.do(self.pending()):
                    break
            self.do(last.store.close())
            for citizen in range(2):
                self.everybody_was_heard(citizen)

        def everybody_was_heard(self, citizen: int) -> None:
            log = self.do(self.log(citizen))
            said = [line for line in log if line.author == "contact"]
            assert [(line.client_id, line.text) for line in said] == self.acknowledged[citizen]
            answered = {line.reply_to for line in log}
            for line in said:
                # No answer of the bot: then a person had it, or took it while the bot was thinking.
                if line.id not in answered:
                    assert self.fences_of(line) > 0, f"{line.text} is left in silence"
            for line in said:
                replies = [one.text for one in log if one.reply_to == line.id and one.author == "bot"]
                assert replies in ([], [f"You said: {line.text}", "Anything else?"])

        def fences_of(self, line: Message) -> int:
            fence: int = self.do(
                desk.store.pool.fetchval(
                    "SELECT fence FROM conversations WHERE id = $1", line.conversation_id
                )
            )
            return fence

        def act(self, what: str, citizen: int, agent: int, *more: str) -> bool:
            """Whether the agent could."""
            found = self.do(conversations.get_open(desk.store.pool, self.contacts[citizen].id))
            if found is None:
                return False
            before = found.state, found.agent_id
            try:
                self.do(getattr(self.ownership, what)(desk.agents[agent], found.id, *more))
            except DeskError:
                mine = before[1] == desk.agents[agent].agent_id
                # Refused for a reason: it is another agent's, or there is nothing to do.
                assert not (what == "reply" and mine and before[0] in ("assigned", "waiting_on_contact"))
                assert not (
                    what == "claim" and before[0] in (("bot", "queued") if agent == 0 else ("queued",))
                )
                return False
            return True

        async def post(self, citizen: int, client_id: str, text: str) -> bool:
            contact = self.contacts[citizen]
            inbound = Inbound(f"{contact.id}:{client_id}", str(contact.id), "message", text)
            return (await self.intake.receive_from(contact, inbound)).new

        async def expire(self) -> None:
            await desk.store.pool.execute(
                "UPDATE contacts SET lease_until = now() - interval '1 second' WHERE lease_token IS NOT NULL"
            )

        async def log(self, citizen: int) -> list[Message]:
            return await messages.list_after(desk.store.pool, self.contacts[citizen].id, 0)

        async def last_resolved(self, citizen: int) -> UUID | None:
            found: UUID | None = await desk.store.pool.fetchval(
                "SELECT id FROM conversations WHERE contact_id = $1 AND state = 'resolved' ORDER BY resolved_at DESC",
                self.contacts[citizen].id,
            )
            return found

        async def pending(self) -> bool:
            return any([await events.is_pending(desk.store.pool, one.id) for one in self.contacts])

    return Conversations


def test_no_order_of_things_breaks_a_conversation(
    pg_url: str, redis_url: str, city: City, catalog: Catalog
) -> None:
    with asyncio.Runner() as runner:
        desk = runner.run(open_desk(pg_url, redis_url, city, catalog))
        try:
            run_state_machine_as_test(
                machine_of(desk, runner),
                settings=settings(
                    max_examples=12,
                    stateful_step_count=20,
                    deadline=None,
                    database=None,
                    phases=[
                        Phase.explicit,
                        Phase.generate,
                    ],  # to shrink a failure takes minutes: add Phase.shrink for that
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(close_desk(desk))


async def _all(turns: set[asyncio.Task[None]]) -> None:
    await asyncio.gather(*turns)
    turns.clear()
