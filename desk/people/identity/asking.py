"""An agent requests an identity check: a code is sent to a known address of the person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from channels.base import Capabilities
from desk.conversations.ownership import Ownership, check_holder
from desk.model import Actor, By, Clock, Composed, Contact, NewMessage, Refused, WrongState
from desk.people.access import access_conversation
from desk.people.attempts import Attempts, Slowdown, TooManyAttempts, attempt_key
from desk.people.identity.codes import MASK
from desk.people.permissions import scope_of
from desk.store.dialogue import conversations
from desk.store.people import candidates, contacts, identity, links
from desk.store.pool import Executor, Store

LIFE = timedelta(minutes=10)
FREE, FIRST, LONGEST = 3, 60.0, 3600.0
"""Codes of one contact to one address before each further one waits: seconds, doubled each time. Others never wait."""


@dataclass(frozen=True, slots=True)
class Target:
    """A contact to whom a code can go now. `shown` is the address with most of it masked."""

    contact_id: UUID
    inbox: str
    shown: str


Reachable = Callable[[Mapping[str, Capabilities], Contact], bool]
"""Whether a message can be sent to this contact now."""


class IdentityChecks:
    """Built once by the console's composition root. `capabilities` are those of each inbox."""

    def __init__(
        self,
        store: Store,
        ownership: Ownership,
        capabilities: Mapping[str, Capabilities],
        reachable: Reachable,
        clock: Clock,
    ) -> None:
        self._store = store
        self._ownership = ownership
        self._capabilities = capabilities
        self._reachable = reachable
        self._attempts = Attempts(store, clock)
        self._clock = clock

    async def targets(
        self, executor: Executor, linked: Sequence[Contact], alike: Sequence[candidates.AlikeContact]
    ) -> list[Target]:
        """Where a code can go: contacts that are linked, or have the same e-mail or phone, on a channel that carries
        messages to a person. What somebody typed into a chat is no such address: nobody has written to us from it."""
        known = {one.id: one for one in linked}
        for same in alike:
            if {"e-mail", "phone"} & set(same.same):
                found = await contacts.get_by_id(executor, same.contact_id)
                if found is not None:
                    known.setdefault(found.id, found)
        return [
            Target(one.id, one.inbox, masked_address(one.external_id))
            for one in known.values()
            if self._ownership.writer.pushes(one.inbox) and self._reachable(self._capabilities, one)
        ]

    async def ask(self, actor: Actor, conversation_id: UUID, contact_id: UUID) -> None:
        """Send a code; an earlier one is over. Raises Refused for an address that is not offered, or too soon."""
        before = await access_conversation(self._store.pool, actor, conversation_id)
        check_holder(actor, before)
        if before.state not in ("assigned", "waiting_on_contact"):
            raise WrongState(before.state, "Claim the conversation first.")
        target = await self._target(actor, before.contact_id, contact_id)
        if target is None:
            raise Refused("no_address", "A code cannot be sent to this address now. Choose another one.")
        try:
            key = attempt_key("identity", str(before.contact_id), str(contact_id))
            await self._attempts.take([Slowdown(key, FREE, FIRST, LONGEST)])
        except TooManyAttempts as error:
            raise Refused("too_often", f"{error} No code was sent.") from None
        check_id, now = uuid4(), self._clock()
        async with self._ownership.acting(
            actor,
            conversation_id,
            "identity_asked",
            locking=[contact_id],
            check=str(check_id),
            to=str(contact_id),
        ) as (transaction, conversation):
            check_holder(actor, conversation)
            contact = await contacts.lock(transaction, contact_id)  # locked above, in the order of ids
            if contact is None:
                raise Refused("no_address", "This address has been erased in the meantime. No code was sent.")
            await identity.add_check(
                transaction,
                check_id,
                conversation_id,
                contact_id,
                actor.agent_id,
                target.shown,
                now,
                now + LIFE,
            )
            await self._send(transaction, contact, check_id, conversation.language)
            await self._ownership.writer.system(transaction, conversation, "identity_asked", _MINUTES)

    async def _target(self, actor: Actor, of_contact: UUID, contact_id: UUID) -> Target | None:
        pool = self._store.pool
        linked = await links.list_linked(pool, of_contact)
        alike = await candidates.list_candidates(pool, scope_of(actor), of_contact)
        offered = await self.targets(pool, linked, alike)
        return next((one for one in offered if one.contact_id == contact_id), None)

    async def _send(self, transaction: Executor, contact: Contact, check_id: UUID, language: str) -> None:
        """The message with the code, into the other contact's log: the digits are put in when it is sent."""
        writer = self._ownership.writer
        there = await conversations.get_open(transaction, contact.id)
        if there is None:
            language = writer.catalog.supported(contact.language or language)
            there = await conversations.add_conversation(
                transaction, contact, language, By("system", "opened")
            )
        language = writer.catalog.supported(there.language)
        composed: Composed = writer.catalog.system("identity_code", language, {"code": MASK, **_MINUTES})
        extra = {"identity_check": str(check_id)}
        await writer.say(transaction, there, NewMessage("system", composed, language, extra=extra))


_MINUTES: dict[str, object] = {"minutes": int(LIFE.total_seconds() // 60)}


def masked_address(address: str) -> str:
    """l•••@example.org, +1•••0199: enough to recognise it."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"{address[:2]}•••{address[-4:]}" if len(address) > 8 else "•••"
