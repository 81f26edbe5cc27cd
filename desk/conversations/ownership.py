"""What agents can do with a conversation. Each action is ONE transaction, announced after its commit.

One long file on purpose: every move of a conversation by an agent, with the errors that all of them share.

All actions raise NotFound, NotAllowed or WrongState; `claim` also AlreadyClaimed(by).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from city import City
from city.model import SOLVED
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.conversations.reply_extras import ReplyExtras
from desk.knowledge.catalogue import Catalog
from desk.model import (
    Actor,
    AlreadyClaimed,
    By,
    Clock,
    Conversation,
    Message,
    NewMessage,
    Refused,
    Why,
    WrongState,
)
from desk.people.access import AccessDenied, access_conversation
from desk.people.permissions import Permission, require, scope_of
from desk.routing.teams import choose_team
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations, desk_rows, messages
from desk.store.people import audit, contacts
from desk.store.pool import Executor, Store
from desk.store.replies import drafts, proposals, scheduled, translations
from desk.store.replies.translations import Wording

UNDO = timedelta(seconds=8)
"""How long a resolve can be taken back before the citizen is told."""
NEXT_ROUNDS = 20
"""How often `claim_next` looks again when the conversation that it found was claimed, moved or ended meanwhile."""

_GONE = "There is no such conversation, or it belongs to another team."
_MOVED = "The conversation has changed in the meantime. Check it before you continue."
_NOT_YOURS = "Another agent has this conversation. Ask them to hand it over first."
_TOO_LATE = "It is too late to undo this: the citizen has been told, or has written again. You can reopen it."


class Ownership:
    """Built once by the console's composition root."""

    def __init__(self, store: Store, live: Live, city: City, catalog: Catalog, clock: Clock) -> None:
        self._store = store
        self._live = live
        self._city = city
        self.writer = MessageWriter(city, catalog)
        self.handoffs = Handoffs(city, self.writer, clock)
        self._clock = clock

    async def claim(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """queued (or bot) -> assigned. Exactly one agent wins; claiming one's own conversation again is not
        an error."""
        async with self._store.transaction() as transaction:
            contact_id = await contacts.lock_of(transaction, conversation_id)
            return await self._claim(transaction, actor, conversation_id, contact_id)

    async def claim_next(self, actor: Actor) -> Conversation | None:
        """Claim the conversation that is served next: urgent ones first, then the longest wait. None if nobody
        waits. Agents who press the button at the same moment get one after the other, without waiting for each other."""
        for _ in range(NEXT_ROUNDS):
            with suppress(AlreadyClaimed, AccessDenied, WrongState):
                async with self._store.transaction() as transaction:
                    locked = await desk_rows.lock_next(transaction, scope_of(actor))
                    return await self._claim_locked(transaction, actor, *locked) if locked else None
        return None

    async def _claim_locked(
        self, transaction: Executor, actor: Actor, conversation_id: UUID, contact_id: UUID, team: str | None
    ) -> Conversation:
        """What `lock_next` found is within the actor's scope, so it is not read again: the claim itself sees whether it
        still waits, for the same team."""
        require(actor, Permission.ANSWER_CONVERSATIONS)
        claimed = await conversations.assign(
            transaction, conversation_id, actor.agent_id, by_agent(actor, "claimed"), (team,)
        )
        if claimed is None:
            raise WrongState("queued", _MOVED)
        await self.writer.system(transaction, claimed, "agent_joined", {"agent": actor.name})
        await self._done(transaction, actor, claimed.id, contact_id, "claim", {})
        return claimed

    async def _claim(
        self, transaction: Executor, actor: Actor, conversation_id: UUID, contact_id: UUID | None
    ) -> Conversation:
        async with self._acting_in(transaction, actor, conversation_id, contact_id, "claim") as before:
            if before.state in ("assigned", "waiting_on_contact"):
                if before.agent_id == actor.agent_id:
                    return before
                raise AlreadyClaimed(before.agent_name or "Another agent")
            claimed = await conversations.assign(
                transaction, conversation_id, actor.agent_id, by_agent(actor, "claimed")
            )
            if claimed is None:
                raise WrongState(before.state, "This conversation is resolved. Reopen it to reply.")
            await self.writer.system(transaction, claimed, "agent_joined", {"agent": actor.name})
            return claimed

    async def reply(
        self,
        actor: Actor,
        conversation_id: UUID,
        text: str,
        client_id: str,
        extras: ReplyExtras | None = None,
    ) -> Message:
        """Send the agent's reply -> waiting_on_contact. The same `client_id` again returns the same message.

        Raises Refused if there is nothing to send, or if the extras are empty or too large."""
        extras = extras or ReplyExtras()
        composed = extras.composed(sanitize_text(text).strip())
        message_id = uuid5(conversation_id, f"{actor.agent_id}:{client_id}")
        async with self.acting(actor, conversation_id, "reply", message=str(message_id)) as (
            transaction,
            before,
        ):
            if sent := await messages.get_by_id(transaction, message_id):
                return sent
            if before.agent_id != actor.agent_id or before.state not in ("assigned", "waiting_on_contact"):
                raise WrongState(
                    before.state, "This conversation is not assigned to you. Claim it before you reply."
                )
            await conversations.mark_agent_replied(transaction, conversation_id, by_agent(actor, "replied"))
            new = NewMessage(
                "agent",
                composed,
                before.language,
                agent_id=actor.agent_id,
                client_id=client_id,
                id=message_id,
                extra=await extras.content(transaction, before.contact_id),
            )
            said = await self.writer.say(transaction, before, new)
            await self._keep_own_words(transaction, actor, said)
            await drafts.delete_draft(transaction, actor.agent_id, conversation_id)
            if extras.suggested:
                await proposals.add_proposal(
                    transaction, said.id, conversation_id, extras.suggested, self._clock()
                )
            return said

    async def _keep_own_words(self, transaction: Executor, actor: Actor, said: Message) -> None:
        """A translated reply keeps the words that the agent wrote."""
        helped = await drafts.get_helped(transaction, actor.agent_id, said.conversation_id)
        if helped and helped.kind == "translated" and helped.own_words != said.text:
            own = Wording(
                said.id, helped.language, helped.own_words, "agent", None, helped.provider, self._clock()
            )
            await translations.add_wording(transaction, own)

    async def hand_back(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """-> bot."""
        async with self.acting(actor, conversation_id, "hand_back") as (transaction, before):
            check_holder(actor, before)
            moved = moved_or_raise(
                await conversations.hand_back(transaction, conversation_id, by_agent(actor, "handed_back")),
                before,
            )
            await self.writer.system(transaction, moved, "back_with_bot")
            return moved

    async def release(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """assigned -> queued, at its previous place."""
        async with self.acting(actor, conversation_id, "release") as (transaction, before):
            check_holder(actor, before)
            moved = moved_or_raise(
                await conversations.release(transaction, conversation_id, by_agent(actor, "released")), before
            )
            await self.handoffs.tell_place(transaction, moved)
            return moved

    async def resolve(self, actor: Actor, conversation_id: UUID, reason: str = SOLVED) -> Conversation:
        """-> resolved, for one of the city's reasons; the citizen's next message opens a new conversation. The
        citizen is told after UNDO. Raises
        Refused for a reason that the city does not have."""
        if self._city.resolve_reason(reason) is None:
            raise Refused("no_such_reason", "Choose one of the reasons. Nothing was changed.")
        async with self.acting(actor, conversation_id, "resolve", reason=reason) as (transaction, before):
            check_holder(actor, before)
            by = By("agent", "resolved", actor.agent_id, reason)
            moved = moved_or_raise(await conversations.resolve(transaction, conversation_id, by), before)
            now = self._clock()
            await scheduled.add_scheduled(
                transaction,
                uuid4(),
                conversation_id,
                "resolved",
                actor.agent_id,
                now + UNDO,
                now,
                back_to=before.state,
            )
            return moved

    async def undo_resolve(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """resolved -> as it was before; the citizen hears nothing. WrongState once the citizen was told, or has
        another open conversation."""
        async with self.acting(actor, conversation_id, "undo_resolve") as (transaction, before):
            check_holder(actor, before)
            waiting = await scheduled.get_resolved(transaction, conversation_id)
            if waiting is None or waiting.back_to is None:
                raise WrongState(before.state, _TOO_LATE)
            moved = await conversations.undo_resolve(
                transaction, conversation_id, waiting.back_to, by_agent(actor, "resolve_undone")
            )
            if moved is None:
                raise WrongState(before.state, _TOO_LATE)
            await scheduled.mark_ended(transaction, waiting.id, "cancelled")
            return moved

    async def reopen(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """resolved -> assigned to who reopens it, unless the contact has a newer open one (WrongState)."""
        async with self.acting(actor, conversation_id, "reopen") as (transaction, before):
            teams = await self.handoffs.teams.read(transaction)
            moved = await conversations.reopen(
                transaction,
                conversation_id,
                choose_team(teams, before.language, None, before.inbox).name,
                by_agent(actor, "reopened"),
                actor.agent_id,
            )
            if moved is None:
                sentence = (
                    "This person has another open conversation. Go on there."
                    if before.state == "resolved"
                    else _MOVED
                )
                raise WrongState(before.state, sentence)
            if untold := await scheduled.get_resolved(transaction, conversation_id):
                await scheduled.mark_ended(transaction, untold.id, "cancelled")
            await self.writer.system(transaction, moved, "agent_joined", {"agent": actor.name})
            return moved

    @asynccontextmanager
    async def acting(
        self,
        actor: Actor,
        conversation_id: UUID,
        action: str,
        *,
        locking: Sequence[UUID] = (),
        **detail: str,
    ) -> AsyncIterator[tuple[Executor, Conversation]]:
        """One transaction of an agent: lock the contact (and `locking`, contacts whose logs it changes too), check access,
        write the audit line, announce the change."""
        async with self._store.transaction() as transaction:
            contact_id = await contacts.lock_of(transaction, conversation_id, locking)
            acting = self._acting_in(transaction, actor, conversation_id, contact_id, action, **detail)
            async with acting as before:
                yield transaction, before

    @asynccontextmanager
    async def _acting_in(
        self,
        transaction: Executor,
        actor: Actor,
        conversation_id: UUID,
        contact_id: UUID | None,
        action: str,
        **detail: str,
    ) -> AsyncIterator[Conversation]:
        """`contact_id`: locked by the caller, None if there is none."""
        if contact_id is None:
            raise AccessDenied(_GONE, "conversation", conversation_id)
        before = await access_conversation(transaction, actor, conversation_id)
        require(actor, Permission.ANSWER_CONVERSATIONS)
        yield before
        await self._done(transaction, actor, conversation_id, contact_id, action, detail)

    async def _done(
        self,
        transaction: Executor,
        actor: Actor,
        conversation_id: UUID,
        contact_id: UUID,
        action: str,
        detail: Mapping[str, str],
    ) -> None:
        await audit.add_line(
            transaction, actor.agent_id, action, conversation_id, dict(detail), self._clock()
        )
        self._store.after_commit(lambda: self.tell(contact_id, conversation_id))

    async def tell(self, contact_id: UUID, conversation_id: UUID) -> None:
        """Tell open pages that its owner or state has changed."""
        await self._live.tell(contact_id, conversation_id, "owner", items=True)


def by_agent(actor: Actor, why: Why) -> By:
    """Who acts, and why."""
    return By("agent", why, actor.agent_id)


def check_holder(actor: Actor, conversation: Conversation) -> None:
    """Raise NotAllowed if another agent has the conversation and the actor may not answer for others."""
    # Anyone in the team may act on an unassigned conversation; otherwise only its agent and supervisors.
    if conversation.agent_id not in (None, actor.agent_id):
        require(actor, Permission.ANSWER_FOR_OTHERS, _NOT_YOURS)


def moved_or_raise(conversation: Conversation | None, before: Conversation) -> Conversation:
    """The conversation after a move; raises WrongState if it has moved on."""
    if conversation is None:
        raise WrongState(before.state, _MOVED)
    return conversation
