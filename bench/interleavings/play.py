"""One interleaving: random steps of everybody involved in one conversation, and the invariants after each."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from bench.interleavings.scene import BROKEN, PERSON, Scene, said_to
from channels.base import Inbound
from desk.inbound.web_sessions import open_session
from desk.model import Actor, Contact, DeskError, Message
from desk.runtime.clock import utc_now
from desk.store import leases
from desk.store.dialogue import messages, transitions
from desk.store.inbound import events

STEPS = (3, 12)
LEASE = 60.0
MOST_ROUNDS = 40
MOST_ASKED = 1
"""How often the bot may be asked about one message under one lease."""
HELD = ("assigned", "waiting_on_contact")


_STANDING = """
SELECT v.id, v.state, v.fence, v.agent_id, v.queued_at,
       (SELECT coalesce(max(seq), 0) FROM messages WHERE contact_id = $1) AS last,
       (SELECT array_agg(seq ORDER BY seq) FROM messages
        WHERE contact_id = $1 AND author = 'bot' AND v.id = $2::uuid AND seq > $3::bigint) AS said,
       t.changes, t.anew
FROM (SELECT * FROM conversations WHERE contact_id = $1 ORDER BY created_at DESC LIMIT 1) v,
     LATERAL (SELECT count(*) AS changes,
                     coalesce(bool_or(to_state = 'bot' OR from_state IN ('bot', 'resolved'))
                              FILTER (WHERE v.id = $4::uuid AND number > $5::bigint), false) AS anew
              FROM (SELECT *, row_number() OVER (ORDER BY id) AS number
                    FROM conversation_transitions WHERE conversation_id = v.id) numbered) t
"""
"""The newest conversation of $1: what the bot said since the message $3 of its holder's time ($2), how many changes it has had, and
whether one after the first $5 (of $4) gave it a new place. One query: it runs after every step."""


@dataclass(frozen=True, slots=True)
class Breach:
    """What did not hold, and after which steps."""

    rule: str
    detail: str
    steps: tuple[str, ...]


def _letters() -> str:
    """A text of its own, without digits: thirteen in a row may be masked as the number of a card."""
    return uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))


class Play:
    """Build one for each interleaving; `run` returns what did not hold."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene = scene
        self._random = random.Random(seed)
        self._steps: list[str] = []
        self._turns: set[asyncio.Task[None]] = set()
        self._acknowledged: list[tuple[str, str]] = []
        self._taken_over = 0  # leases that had ended, by a step or because the machine stood still
        self._newest: UUID | None = None  # conversation, as it was before the step
        self._held: tuple[UUID, int, int] | None = None  # conversation, fence, the log's last number
        self._place: tuple[UUID, datetime | None, int] | None = (
            None  # conversation, queued_at, its transitions
        )
        self._breaches: list[Breach] = []
        self._contact: Contact

    async def run(self) -> list[Breach]:
        """Some steps, some of them two at once; then everything begun is brought to its end."""
        self._contact = (await open_session(self._scene.store, "web", "en", utc_now())).contact
        await self._step(self._write)
        for _ in range(self._random.randint(*STEPS)):
            chosen = [self._choose() for _ in range(self._random.choice((1, 1, 2)))]
            await self._step(*chosen)
        await self._end()
        return self._breaches

    def _choose(self) -> Callable[[], Awaitable[None]]:
        steps = {
            self._write: 4,
            self._repeat: 1,
            self._begin: 5,
            self._answer: 5,
            self._lease_ends: 1,
            self._offer_ends: 1,
            self._act: 9,
        }
        return self._random.choices(list(steps), list(steps.values()))[0]

    async def _step(self, *steps: Callable[[], Awaitable[None]]) -> None:
        self._steps.append(" with ".join(step.__name__.strip("_") for step in steps))
        await asyncio.gather(*(step() for step in steps))
        await self._look()

    # The citizen and the provider

    async def _write(self) -> None:
        text = self._random.choice((PERSON, PERSON, BROKEN, *(f"line {_letters()}" for _ in range(5))))
        client_id = str(uuid4())
        if not await self._post(client_id, text):
            self._breach("accepted once", "a new message was taken for a repeated one")
        self._acknowledged.append((client_id, text))

    async def _repeat(self) -> None:
        client_id, text = self._random.choice(self._acknowledged)
        if await self._post(client_id, text):
            self._breach("accepted once", "a repeated delivery was taken for a new message")

    async def _post(self, client_id: str, text: str) -> bool:
        inbound = Inbound(f"{self._contact.id}:{client_id}", str(self._contact.id), "message", text)
        return (await self._scene.intake.receive_from(self._contact, inbound)).new

    # The bot and its workers

    async def _begin(self) -> None:
        token = uuid4()
        async with self._scene.store.transaction() as transaction:
            abandoned = await transaction.fetchval(
                "SELECT lease_token IS NOT NULL FROM contacts WHERE id = $1 FOR NO KEY UPDATE",
                self._contact.id,
            )
            leased = await leases.lease(transaction, self._contact.id, token, LEASE)
        if leased:
            self._taken_over += abandoned
            worker = self._random.choice(self._scene.workers)
            turn = worker.turns.serve(self._contact.id, token, abandoned=abandoned)
            self._turns.add(asyncio.create_task(turn))
            await self._until_quiet()

    async def _answer(self) -> None:
        self._scene.bot.answer(self._contact.id)
        await self._until_quiet()

    async def _until_quiet(self) -> None:
        """Until each turn is over or waits for the bot."""
        bot, contact = self._scene.bot, self._contact.id
        while len(running := {turn for turn in self._turns if not turn.done()}) > bot.is_asked(contact):
            asked = asyncio.ensure_future(bot.arrives(contact))
            await asyncio.wait({asked, *running}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()

    # The clock

    async def _lease_ends(self) -> None:
        await self._scene.store.pool.execute(
            "UPDATE contacts SET lease_until = now() - interval '1 second' WHERE id = $1", self._contact.id
        )

    async def _offer_ends(self) -> None:
        await self._scene.store.pool.execute(
            """UPDATE conversation_offers o SET expires_at = clock_timestamp() FROM conversations v
               WHERE v.id = o.conversation_id AND v.contact_id = $1 AND o.outcome IS NULL""",
            self._contact.id,
        )
        await self._scene.workers[0].routing.look()

    # The agents

    async def _act(self) -> None:
        if self._newest is None:
            return
        actor, other = self._random.sample(self._scene.agents, 2)
        act = self._random.choice(ACTS)
        with suppress(DeskError):  # refused: somebody else has it, or it is not the moment
            await act(self._scene, actor, other, self._newest)

    # What must hold

    async def _look(self) -> None:
        held, place = self._held, self._place
        found = await self._scene.store.pool.fetchrow(
            _STANDING,
            self._contact.id,
            held and held[0],
            held and held[2],
            place and place[0],
            place and place[2],
        )
        if found is None:
            return
        self._newest = found["id"]
        if found["state"] in HELD:
            if held and held[:2] == (found["id"], found["fence"]):
                if found["said"]:
                    detail = f"the bot wrote {found['said']} while {found['agent_id']} had it"
                    self._breach("no talk-over", detail)
            else:
                self._held = (found["id"], found["fence"], found["last"])
        else:
            self._held = None
        stands = place and place[0] == found["id"] and found["state"] in ("queued", *HELD)
        if place and stands and not found["anew"] and place[1] not in (None, found["queued_at"]):
            self._breach("no jumped place", f"{place[1]} became {found['queued_at']}")
        self._place = (found["id"], found["queued_at"], found["changes"])

    async def _log(self) -> list[Message]:
        return await messages.list_after(self._scene.store.pool, self._contact.id, 0, 1_000)

    async def _end(self) -> None:
        for _ in range(MOST_ROUNDS):
            while not all(turn.done() for turn in self._turns):
                await self._answer()
            await asyncio.gather(*self._turns)
            self._turns.clear()
            if not await events.is_pending(self._scene.store.pool, self._contact.id):
                break
            await self._scene.store.pool.execute(
                "UPDATE events SET available_at = now() WHERE contact_id = $1", self._contact.id
            )
            await self._lease_ends()
            await self._begin()
        else:
            self._breach("no silence", f"still to be answered after {MOST_ROUNDS} rounds")
        self._steps.append("end")
        await self._look()
        log = await self._log()
        self._check_log(log)
        await self._check_handoffs(log)

    def _check_log(self, log: list[Message]) -> None:
        if [line.seq for line in log] != list(range(1, len(log) + 1)):
            self._breach("in order", f"numbers {[line.seq for line in log]}")
        said = [(line.client_id, line.text) for line in log if line.author == "contact"]
        if sorted(said) != sorted(self._acknowledged):  # two written at once come in either order
            self._breach("nothing lost", f"{len(said)} of {len(self._acknowledged)} messages are in the log")
        for line in log:
            if line.author != "contact":
                continue
            replies = [one.text for one in log if one.reply_to == line.id and one.author == "bot"]
            if replies not in ([], said_to(line.text)):
                self._breach("no loop", f"{len(replies)} answers to one message")
            asked = self._scene.bot.asked.pop(line.id, 0) - self._taken_over
            if asked > MOST_ASKED:
                self._breach("no loop", "the bot was asked again and again")

    async def _check_handoffs(self, log: list[Message]) -> None:
        """Whoever asked for a person, or could not be answered, got one; only a person gives them back to the bot."""
        answered = {line.reply_to for line in log}
        pool = self._scene.store.pool
        for id in {line.conversation_id for line in log}:
            changes = await transitions.list_of_conversation(pool, id)
            queued = any(one.to_state in ("queued", "assigned") for one in changes)
            # An agent may also end what the bot has, while the bot is thinking.
            people = queued or any(one.actor_kind == "agent" for one in changes)
            for line in log:
                if (
                    line.conversation_id == id
                    and line.author == "contact"
                    and line.id not in answered
                    and not people
                ):
                    self._breach(
                        "no silence", f"message {line.seq} has no answer, and nobody has the conversation"
                    )
            handed = await pool.fetchval(
                "SELECT count(*) FROM turns WHERE conversation_id = $1 AND outcome = 'handed_off'", id
            )
            if handed and not queued:
                self._breach("no lost handoff", "it was handed over, and is in no queue")
            back = [one for one in changes if one.to_state == "bot" and one.from_state is not None]
            if any(one.actor_kind != "agent" for one in back):
                self._breach("no lost handoff", f"given to the bot by {[one.actor_kind for one in back]}")

    def _breach(self, rule: str, detail: str) -> None:
        self._breaches.append(Breach(rule, detail, tuple(self._steps)))


Act = Callable[[Scene, Actor, Actor, UUID], Awaitable[Any]]
ACTS: tuple[Act, ...] = (
    lambda scene, actor, _, id: scene.ownership.claim(actor, id),
    lambda scene, actor, _, id: scene.ownership.claim(actor, id),
    lambda scene, actor, _, id: scene.ownership.reply(actor, id, "An agent's words.", str(uuid4())),
    lambda scene, actor, _, id: scene.ownership.hand_back(actor, id),
    lambda scene, actor, _, id: scene.ownership.release(actor, id),
    lambda scene, actor, _, id: scene.ownership.resolve(actor, id),
    lambda scene, actor, _, id: scene.ownership.undo_resolve(actor, id),
    lambda scene, actor, _, id: scene.ownership.reopen(actor, id),
    lambda scene, actor, to, id: scene.transfers.to_agent(actor, id, to.agent_id, "", str(uuid4())),
    lambda scene, actor, _, id: scene.transfers.to_team(actor, id, "front-desk", "", str(uuid4())),
    lambda scene, actor, to, id: scene.transfers.assign(actor, id, to.agent_id, "", str(uuid4())),
    lambda scene, actor, to, id: scene.transfers.leave(actor, id, to.agent_id),
    lambda scene, actor, _, id: scene.offers.accept(actor, id),
    lambda scene, actor, _, id: scene.offers.accept(actor, id),
    lambda scene, actor, _, id: scene.offers.decline(actor, id),
    lambda scene, actor, _, id: scene.offers.withdraw(actor, id),
)
