"""Comparing a trained model with the one in use, before it answers anybody: asked for here, read by the trainer, judged here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.knowledge.publishing.review import MovedOn
from desk.knowledge.unanswered.masking import is_masked, mask_question
from desk.model import Actor, Clock, NotFound, Refused
from desk.people import audit
from desk.people.permissions import Permission, may, require
from desk.store.knowledge import comparisons
from desk.store.knowledge.comparisons import Compared, Difference, Mark, Regression
from desk.store.pool import Store

FALLBACK = "nlu_fallback"
MARKS: tuple[Mark, ...] = ("old", "new", "both", "neither")
SHARES = (5, 20, 50, 100)
LAST, TOUCHED = 2_000, 20
"""Questions that are looked through for an answer, and how many of those that got it are shown."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model makes of a question: the intent it answers, or what it offers where it is not sure."""

    intent: str
    offers: Sequence[str]

    @property
    def is_sure(self) -> bool:
        """Whether it answers."""
        return self.intent != FALLBACK


@dataclass(frozen=True, slots=True)
class Shown:
    """A question of a difference, masked. `keeps`: a mark on it stays as a regression question, as nothing was masked in it."""

    message_id: UUID
    text: str
    language: str
    keeps: bool
    mark: Mark | None
    marker_name: str | None
    marked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """Questions on which the models differ in the same way."""

    old: Outcome
    new: Outcome
    questions: Sequence[Shown]


class Comparisons:
    """Built once. Every method raises NotAllowed; what changes something leaves an audit line."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def standing(self, actor: Actor) -> tuple[Sequence[Compared], Sequence[Regression]]:
        """The last comparisons, and the regression questions; nothing for those who may not read questions."""
        require(actor, Permission.REVIEW_PROPOSALS)
        pool = self._store.pool
        return await comparisons.list_comparisons(pool), await comparisons.list_regressions(pool)

    async def get(self, actor: Actor, id: int) -> tuple[Compared, Sequence[Group]]:
        """A comparison with its differences, the largest group first. Raises NotFound."""
        require(actor, Permission.REVIEW_PROPOSALS)
        pool = self._store.pool
        found = await comparisons.get_comparison(pool, id)
        if found is None:
            raise NotFound("There is no such comparison.")
        return found, grouped(await comparisons.list_differences(pool, id))

    async def touched(self, actor: Actor, answer_id: str) -> tuple[int, int, list[tuple[str, str]]]:
        """Of the last questions: how many there are, how many got this answer, and some of these as (language, masked text).
        A draft of the answer changes what they get. Nothing for those who may not read questions."""
        if not may(actor, Permission.REVIEW_PROPOSALS):
            return 0, 0, []
        every, these, found = await comparisons.list_answered(self._store.pool, answer_id, LAST, TOUCHED)
        return every, these, [(one.language, mask_question(one.text, one.names)) for one in found]

    async def run(self, actor: Actor, training: int) -> int:
        """Run the last questions through both models. Raises MovedOn."""
        return await self._add(actor, "run", training, 100)

    async def shadow(self, actor: Actor, training: int, share: int) -> int:
        """Let the model read a share of the questions silently, beside the one that answers. Raises MovedOn or Refused."""
        if share not in SHARES:
            raise Refused("share", "Choose one of the shares. Nothing was started.")
        return await self._add(actor, "shadow", training, share)

    async def _add(self, actor: Actor, kind: comparisons.Kind, training: int, share: int) -> int:
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            now = self._clock()
            id = await comparisons.add_comparison(transaction, kind, training, share, now, actor.agent_id)
            if id is None:
                raise MovedOn(
                    "Another comparison is running, or this model is in use or no longer kept. Nothing was started."
                )
            await audit.record(
                transaction, actor.agent_id, "models_compared", None, now,
                kind=kind, training=str(training), share=str(share),
            )  # fmt: skip
        return id

    async def end_shadow(self, actor: Actor, id: int) -> None:
        """Stop it; what was found stays. Raises MovedOn."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            now = self._clock()
            if not await comparisons.mark_ended(transaction, id, now, ""):
                raise MovedOn("It has already ended. Nothing was changed.")
            await audit.record(transaction, actor.agent_id, "shadow_ended", None, now, comparison=str(id))

    async def mark(self, actor: Actor, id: int, message_id: UUID, mark: str) -> None:
        """Say which model is right. What was not masked stays as a regression question. Raises NotFound or Refused."""
        require(actor, Permission.WRITE_ANSWERS)
        chosen = next((one for one in MARKS if one == mark), None)
        if chosen is None:
            raise Refused("mark", "Choose one of the buttons. Nothing was changed.")
        async with self._store.transaction() as transaction:
            found, now = await comparisons.get_difference(transaction, id, message_id), self._clock()
            if found is None:
                raise NotFound("The question has been deleted in the meantime.")
            await comparisons.set_mark(transaction, id, message_id, chosen, now, actor.agent_id)
            text = mask_question(found.text, found.names)
            if not is_masked(text):
                accepted, refused = judged(chosen, str(found.old["intent"]), str(found.new["intent"]))
                await comparisons.set_regression(
                    transaction, text, found.language, accepted, refused, now, actor.agent_id
                )
            await audit.record(
                transaction, actor.agent_id, "difference_marked", None, now, comparison=str(id), mark=chosen
            )


def judged(mark: Mark, old: str, new: str) -> tuple[list[str], list[str]]:
    """(right outcomes, wrong outcomes). Where both models offer choices and answer nothing, only the question stays."""
    right = {"old": [old], "new": [new], "both": [old, new], "neither": []}[mark]
    return sorted(set(right)), sorted({old, new} - set(right)) if mark != "both" else []


def grouped(found: Sequence[Difference]) -> list[Group]:
    """Those that differ in the same way stand together."""
    groups: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
    for one in found:
        groups[(*_key(one.old), "→", *_key(one.new))].append(one)
    return [
        Group(_outcome(some[0].old), _outcome(some[0].new), [_shown(one) for one in some])
        for _, some in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    ]


def _shown(one: Difference) -> Shown:
    text = mask_question(one.text, one.names)
    return Shown(
        one.message_id, text, one.language, not is_masked(text), one.mark, one.marker_name, one.marked_at
    )


def _outcome(kept: Mapping[str, Any]) -> Outcome:
    return Outcome(str(kept.get("intent") or FALLBACK), [str(one) for one in kept.get("offers") or ()])


def _key(kept: Mapping[str, Any]) -> tuple[str, ...]:
    outcome = _outcome(kept)
    return (outcome.intent, *outcome.offers)
