"""Checks the code that a citizen enters. It runs in the transaction that appends the message, which has locked the contact."""

from dataclasses import dataclass

from desk.model import Clock, Conversation
from desk.people.identity.codes import IdentityCodes, code_in, masked
from desk.store.people import audit, identity
from desk.store.pool import Executor

TRIES = 5
"""Wrong codes of one check; then it is over. Only this conversation's citizen can use them up."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`text` is the message as it is kept; `said` names what the desk answers."""

    text: str
    said: str
    variables: dict[str, object]


class IdentityAnswers:
    """Built once by the worker."""

    def __init__(self, codes: IdentityCodes, clock: Clock) -> None:
        self._codes = codes
        self._clock = clock

    async def take(
        self, transaction: Executor, conversation: Conversation, text: str, *, proven: bool
    ) -> Checked | None:
        """What becomes of the message, None if it answers no check. `proven`: the contact certainly wrote it."""
        given = code_in(text)
        if given is None:
            return None
        check = await identity.get_latest(transaction, conversation.id)
        if check is None or check.state != "sent":
            return None
        kept = masked(text)
        now = self._clock()
        if check.expires_at <= now:
            await identity.mark_over(transaction, check.id, "expired")
            return Checked(kept, "identity_over", {})
        if proven and self._codes.is_right(check.id, given):
            await identity.mark_confirmed(transaction, check.id, now)
            await audit.add_line(
                transaction, None, "identity_confirmed", conversation.id, {"check": str(check.id)}, now
            )
            return Checked(kept, "identity_confirmed", {})
        left = TRIES - await identity.add_try(transaction, check.id)
        if left > 0:
            return Checked(kept, "identity_wrong", {"left": left})
        await identity.mark_over(transaction, check.id, "failed")
        await audit.add_line(
            transaction, None, "identity_failed", conversation.id, {"check": str(check.id)}, now
        )
        return Checked(kept, "identity_over", {})
