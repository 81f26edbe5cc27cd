"""Messages that an agent writes now and that are sent later."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from desk.conversations.ownership import Ownership
from desk.conversations.reply_extras import ReplyExtras
from desk.model import Actor, Clock, NotFound, Refused, WrongState
from desk.runtime.sanitize import sanitize_text
from desk.store.pool import Executor
from desk.store.replies import drafts, scheduled

LONGEST = timedelta(days=90)
"""What is to go later than this is forgotten by everybody."""


class Scheduling:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership, clock: Clock) -> None:
        self._ownership = ownership
        self._clock = clock

    async def reply_later(
        self,
        actor: Actor,
        conversation_id: UUID,
        text: str,
        client_id: str,
        due_at: datetime,
        extras: ReplyExtras | None = None,
    ) -> None:
        """Keep the reply for `due_at`. The same `client_id` again adds nothing. Raises Refused for a time that has
        passed or is far away, for an empty text, and for what only goes at once."""
        extras = extras or ReplyExtras()
        kept = sanitize_text(text).strip()
        extras.composed(kept)
        if extras.photos or extras.asks_location or extras.takes_thread or extras.passes_thread:
            raise Refused(
                "not_later",
                "Only text and choices can be scheduled. Send the rest now, or leave it out. Nothing was saved.",
            )
        now = self._clock()
        if not now < due_at <= now + LONGEST:
            raise Refused("bad_time", f"Choose a time within the next {LONGEST.days} days. Nothing was sent.")
        id = uuid5(conversation_id, f"later:{actor.agent_id}:{client_id}")
        async with self._ownership.acting(actor, conversation_id, "schedule", scheduled=str(id)) as (
            transaction,
            before,
        ):
            if before.agent_id != actor.agent_id or before.state not in ("assigned", "waiting_on_contact"):
                raise WrongState(
                    before.state, "This conversation is not assigned to you. Claim it before you reply."
                )
            helped = await drafts.get_helped(transaction, actor.agent_id, conversation_id)
            translated = helped if helped and helped.kind == "translated" else None
            await scheduled.add_scheduled(
                transaction,
                id,
                conversation_id,
                "reply",
                actor.agent_id,
                due_at,
                now,
                text=kept,
                choices=extras.choices,
                own_words=scheduled.OwnWords(translated.own_words, translated.language, translated.provider)
                if translated
                else None,
            )
            await drafts.delete_draft(transaction, actor.agent_id, conversation_id)

    async def cancel(self, actor: Actor, conversation_id: UUID, id: UUID) -> str:
        """The message does not go; its text comes back as the agent's draft. Raises NotFound if it went before."""
        async with self._ownership.acting(actor, conversation_id, "unschedule", scheduled=str(id)) as (
            transaction,
            _before,
        ):
            found = await _waiting(transaction, conversation_id, id)
            if found is None:
                raise NotFound("This message has already been sent or cancelled.")
            await scheduled.mark_ended(transaction, id, "cancelled")
            text = await drafts.get_text(transaction, actor.agent_id, conversation_id)
            both = f"{text}\n\n{found.text}" if text else found.text
            own = found.own_words
            if own and not text:
                helped = drafts.Helped("translated", own.text, own.language, own.provider)
                await drafts.set_helped(
                    transaction, actor.agent_id, conversation_id, both, helped, self._clock()
                )
            else:
                await drafts.set_draft(transaction, actor.agent_id, conversation_id, both, self._clock())
            return both


async def _waiting(executor: Executor, conversation_id: UUID, id: UUID) -> scheduled.Scheduled | None:
    found = await scheduled.lock_waiting(executor, id)
    return found if found and found.conversation_id == conversation_id and found.kind == "reply" else None
