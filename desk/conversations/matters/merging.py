"""Merges conversations of one person: one of them continues, and shows the messages of the other.

The other is resolved and keeps its messages, so that its citizen's log stays complete and a merge can be undone. Messages
that the citizen writes there afterwards go to the agent of the continuing conversation.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from desk.conversations.ownership import Ownership, by_agent, check_holder, moved_or_raise
from desk.model import Actor, By, Clock, Contact, Conversation, Refused, WrongState
from desk.people.access import access_conversation
from desk.store.dialogue import conversations
from desk.store.people import audit
from desk.store.pool import Executor, Store
from desk.store.routing import matters

UNDO = timedelta(hours=24)
"""How long a merge can be undone."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be merged; `problem` says why it cannot be."""

    target: Conversation
    source: Conversation
    problem: str | None


class Merging:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, store: Store, ownership: Ownership, clock: Clock) -> None:
        self._store = store
        self._ownership = ownership
        self._clock = clock

    async def preview(self, actor: Actor, target_id: UUID, source_id: UUID) -> Preview:
        """Both conversations, and whether the one can be merged into the other."""
        pool = self._store.pool
        target = await access_conversation(pool, actor, target_id)
        source = await access_conversation(pool, actor, source_id)
        return Preview(target, source, await _problem(pool, target, source))

    async def merge(self, actor: Actor, target_id: UUID, source_id: UUID) -> Conversation:
        """Merge `source_id` into `target_id`, which continues. Raises Refused with the reason if they cannot be."""
        locking = await self._contacts_of(source_id)
        async with self._ownership.acting(
            actor, target_id, "merge", locking=locking, other=str(source_id)
        ) as (transaction, target):
            check_holder(actor, target)
            source = await access_conversation(transaction, actor, source_id)
            check_holder(actor, source)
            if problem := await _problem(transaction, target, source):
                raise Refused("not_mergeable", problem)
            by = by_agent(actor, "merged")
            if source.state == "resolved":
                await matters.add_event(transaction, source.id, by)
            else:
                moved_or_raise(await conversations.resolve(transaction, source.id, by), source)
            await matters.mark_merged(transaction, source, target.id, actor.agent_id, self._clock())
            await matters.mark_waits_as(transaction, target.id, source)
            await matters.add_event(transaction, target.id, by)
            await self._note(transaction, actor, source, "merged", target.id)
            return target

    async def undo(self, actor: Actor, target_id: UUID, source_id: UUID) -> Conversation:
        """Take the merge back: the other conversation is as it was. Raises Refused when it is too late."""
        locking = await self._contacts_of(source_id)
        async with self._ownership.acting(
            actor, target_id, "unmerge", locking=locking, other=str(source_id)
        ) as (transaction, target):
            check_holder(actor, target)
            source = await access_conversation(transaction, actor, source_id)
            merge = await matters.get_merge(transaction, source_id)
            if merge is None or merge.into != target_id:
                raise Refused("not_merged", "These conversations have not been merged. Nothing was changed.")
            if target.state == "resolved" or self._clock() - merge.at > UNDO:
                raise Refused(
                    "too_late",
                    "A merge can be undone for a day, while the conversation is open. Nothing was changed.",
                )
            by = by_agent(actor, "unmerged")
            if merge.before == "resolved" or source.state != "resolved":
                await matters.add_event(transaction, source_id, by)
            elif await conversations.undo_resolve(transaction, source_id, merge.before, by) is None:
                raise WrongState(
                    source.state, "The citizen has another open conversation there. Continue in that one."
                )
            await matters.mark_unmerged(transaction, source_id)
            await matters.add_event(transaction, target_id, by)
            await self._note(transaction, actor, source, "unmerged", target_id)
            return target

    async def _contacts_of(self, source_id: UUID) -> list[UUID]:
        """The contact of the other conversation: both are locked in one order, whichever continues."""
        found = await conversations.get_contact_id(self._store.pool, source_id)
        return [found] if found else []

    async def _note(
        self, transaction: Executor, actor: Actor, source: Conversation, action: str, target_id: UUID
    ) -> None:
        """The other conversation's line of the audit, and the news for pages that show it."""
        await audit.add_line(
            transaction, actor.agent_id, action, source.id, {"other": str(target_id)}, self._clock()
        )
        self._store.after_commit(lambda: self._ownership.tell(source.contact_id, source.id))


async def follow_merge(transaction: Executor, contact: Contact) -> Conversation | None:
    """The conversation in which a citizen goes on whose last one was merged into an open one on another channel: it is
    opened again for whoever has that. The caller has locked the contact."""
    found = await matters.get_followed(transaction, contact.id)
    if found is None or found.team is None:
        return None
    return await conversations.reopen(
        transaction, found.id, found.team, By("contact", "wrote"), found.agent_id
    )


async def _problem(executor: Executor, target: Conversation, source: Conversation) -> str | None:
    if target.id == source.id:
        return "This is the same conversation."
    if target.state not in ("queued", "assigned", "waiting_on_contact"):
        return "Claim the conversation that is to go on first."
    if not await matters.is_one_person(executor, target.contact_id, source.contact_id):
        return "These are two contacts. Link them first, if you have made sure that they are one person."
    for one in (target, source):
        if await matters.get_merge(executor, one.id):
            return "One of them is merged already. Undo that first."
    if await matters.list_merged(executor, source.id):
        return "Others were merged into that one. Merge this one into it instead, or undo that first."
    return None
