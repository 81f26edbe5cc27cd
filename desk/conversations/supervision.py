"""Supervisors' actions on a conversation: whisper to its agent, and review it."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from desk.conversations.ownership import Ownership
from desk.model import Actor, Refused, WrongState
from desk.people.permissions import Permission, require
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import whispers
from desk.store.reporting import reviews

LONGEST = 2_000
CRITERIA: Mapping[str, str] = {
    "understood": "Understood what the citizen wanted",
    "correct": "The answer was correct and complete",
    "plain": "Plain and polite language",
    "process": "Notes, reason and next steps in order",
}
"""Criterion -> title. Each gives 0, 1 or 2 points."""
MOST_POINTS = 2


class Supervision:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership

    async def whisper(self, actor: Actor, conversation_id: UUID, text: str, client_id: str) -> None:
        """To the agent who has the conversation, and nobody else. Raises Refused for an empty or too long text."""
        require(actor, Permission.ANSWER_FOR_OTHERS)
        kept = _checked(text)
        if not kept:
            raise Refused("empty_whisper", "It is empty. Nothing was sent.")
        async with self._ownership.acting(actor, conversation_id, "whisper") as (transaction, before):
            holder = before.agent_id if before.state in ("assigned", "waiting_on_contact") else None
            if holder is None or holder == actor.agent_id:
                raise WrongState(before.state, "No other agent has this conversation now.")
            await whispers.add_whisper(
                transaction,
                uuid5(conversation_id, f"whisper:{actor.agent_id}:{client_id}"),
                conversation_id,
                actor.agent_id,
                holder,
                kept,
            )

    async def put_away(self, actor: Actor, conversation_id: UUID) -> None:
        """The agent has read what was whispered."""
        async with self._ownership.acting(actor, conversation_id, "whisper_read") as (transaction, _):
            await whispers.mark_read(transaction, conversation_id, actor.agent_id)

    async def review(self, actor: Actor, conversation_id: UUID, points: Mapping[str, int], note: str) -> None:
        """Score a conversation; a second review by the same person replaces the first. Raises Refused if a criterion
        has no points, or too many."""
        require(actor, Permission.REVIEW_CONVERSATIONS)
        if set(points) != set(CRITERIA) or any(not 0 <= one <= MOST_POINTS for one in points.values()):
            raise Refused("bad_review", "Choose a score for every criterion. Nothing was saved.")
        score = round(100 * sum(points.values()) / (MOST_POINTS * len(CRITERIA)))
        async with self._ownership.acting(actor, conversation_id, "review") as (transaction, _):
            await reviews.set_review(
                transaction, conversation_id, actor.agent_id, points, score, _checked(note)
            )


def _checked(text: str) -> str:
    kept = sanitize_text(text).strip()
    if len(kept) > LONGEST:
        raise Refused(
            "too_long", f"At most {LONGEST} characters are allowed. Shorten the text. Nothing was saved."
        )
    return kept
