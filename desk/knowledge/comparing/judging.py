"""Editors judge drawn answers, right or wrong: how often the assistant is right, as the public page says it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from desk.knowledge.catalogue import Catalog
from desk.knowledge.unanswered.masking import mask_question
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import marks
from desk.store.pool import Store

DAYS, SHOWN = 90, 10
"""How far back questions are drawn, and how many at once."""


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A masked question and the answer that it got."""

    message_id: UUID
    text: str
    language: str
    answer_id: str


class Judging:
    """Built once. Raises NotAllowed."""

    def __init__(self, store: Store, catalog: Catalog, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock

    async def drawn(self, actor: Actor) -> tuple[list[ToJudge], int, int]:
        """The next ones, how many were judged in the last 90 days, and how many of these were right."""
        require(actor, Permission.REVIEW_PROPOSALS)
        since = self._clock() - timedelta(days=DAYS)
        found = await marks.list_drawn(self._store.pool, since, sorted(self._catalog.answers), SHOWN)
        shown = [
            ToJudge(one.message_id, mask_question(one.text, one.names), one.language, one.answer_id)
            for one in found
        ]
        return shown, *await marks.count_marks(self._store.pool, since)

    async def judge(self, actor: Actor, message_id: UUID, *, correct: bool) -> None:
        """Say of one whether it was right. Raises NotFound."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            now = self._clock()
            if not await marks.set_mark(transaction, message_id, now, actor.agent_id, correct=correct):
                raise NotFound("The question has been deleted in the meantime.")
            await audit.record(
                transaction, actor.agent_id, "answer_judged", None, now, correct="yes" if correct else "no"
            )
