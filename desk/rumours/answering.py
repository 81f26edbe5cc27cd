"""What somebody is told who asks whether a claim is true. The claim is kept for editors; no verdict is made here.

    sure match       the verdict, at once, instead of the assistant's answer
    only alike       "Do you mean …?", with buttons
    nothing          the assistant's answer if it has one; else that a person will look at it, and that they will hear of it

Where the assistant asks something (a report is under way) or hands over to a person, its words follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.pages.search import SEARCHED
from desk.knowledge.unanswered.masking import mask_question
from desk.model import Clock, Composed, Message, OfferedButton, TurnAnswer
from desk.rumours.asking import read_claim
from desk.rumours.languages import words_of
from desk.rumours.matching import Matching
from desk.rumours.saying import say_verdict
from desk.store.pool import Executor, Store
from desk.store.rumours import claims, people, rumours
from desk.store.rumours.rumours import VerdictVersion

log = structlog.get_logger("rumours")

MEANT, OTHER = "rumour_meant", "rumour_other"
"""Buttons below "Do you mean …?"."""
INTENT = "rumour"
"""What such a turn is recorded as: it is no question without an answer."""
FALLBACK = "nlu_fallback"
LONGEST_BUTTON = 60
HOW_TO_CHECK = frozenset({"misinformation"})
"""Answers that only say where to have a rumour checked: it is being checked here."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the desk, and what is recorded with it, in the same transaction. `claim` is the message that asked."""

    composed: Composed
    language: str
    claim: UUID
    verdict: VerdictVersion | None
    at: datetime

    async def record(self, transaction: Executor, said: Message) -> None:
        """Keep the claim and, with a verdict, that they were told."""
        rumour = self.verdict.rumour_id if self.verdict else None
        await claims.add_claim(transaction, self.claim, rumour, self.at, self.language, answered=False)
        if self.verdict is not None:
            await people.add_said(
                transaction, self.verdict.rumour_id, self.verdict.version, said.contact_id, self.at, said.id
            )


class RumourAnswers:
    """Built once by the worker."""

    def __init__(self, store: Store, city: City, catalog: Catalog, matching: Matching, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._catalog = catalog
        self._matching = matching
        self._clock = clock

    async def beside(self, message: Message, text: str, answer: TurnAnswer) -> tuple[TurnAnswer, Told | None]:
        """What is said first, and what of the assistant's answer follows it; the answer as it is if no claim is asked about."""
        language = answer.language or message.language
        claim = read_claim(text, language)
        if claim is None:
            return answer, None
        match = await self._matching.find(mask_question(claim, ()))
        busy = bool(answer.form or answer.directives)
        unsure = answer.intent in (None, FALLBACK) or any(
            one.response in SEARCHED or one.answer in HOW_TO_CHECK for one in answer.replies
        )
        knows = not busy and not unsure
        alike: Sequence[VerdictVersion] = () if busy else match.alike
        if match.sure is None and (busy or (knows and not alike)):
            # The assistant's own answer; editors see the claim all the same.
            await claims.add_claim(
                self._store.pool, message.id, None, self._clock(), language, answered=knows
            )
            return answer, None
        if match.sure is not None:
            told = self._verdict(message.id, match.sure, language)
        elif alike:
            told = self._which(message.id, alike, language)
        else:
            told = self._told("rumour_kept", message.id, language)
        log.info("claim_asked", message=str(message.id), rumour=match.sure.rumour_id if match.sure else None)
        return (answer if busy else replace(answer, replies=(), intent=INTENT)), told

    async def choose(
        self, message: Message, intent: str | None, entities: Mapping[str, object]
    ) -> Told | None:
        """What follows the button that they pressed; None if it is none of these."""
        if intent not in (MEANT, OTHER):
            return None
        claim = UUID(str(entities["claim"]))
        if intent == OTHER:
            return self._told("rumour_kept", claim, message.language)
        verdict = await rumours.get_newest(self._store.pool, int(str(entities["rumour"])))
        if verdict is None:
            return self._told("rumour_kept", claim, message.language)
        return self._verdict(claim, verdict, message.language)

    def _verdict(self, claim: UUID, verdict: VerdictVersion, language: str) -> Told:
        said = say_verdict(verdict, self._catalog.supported(language), self._city)
        composed = self._catalog.system("rumour_verdict", said.language, said.variables)
        return Told(composed, said.language, claim, verdict, self._clock())

    def _which(self, claim: UUID, alike: Sequence[VerdictVersion], language: str) -> Told:
        spoken = self._catalog.supported(language)
        said = [(one, say_verdict(one, spoken, self._city)) for one in alike]
        buttons = [
            OfferedButton(_short(each.claim), MEANT, {"rumour": str(one.rumour_id), "claim": str(claim)})
            for one, each in said
        ]
        buttons.append(OfferedButton(words_of(spoken).none_of_these, OTHER, {"claim": str(claim)}))
        composed = self._catalog.system("rumour_which", spoken)
        return Told(replace(composed, buttons=tuple(buttons)), spoken, claim, None, self._clock())

    def _told(self, name: str, claim: UUID, language: str) -> Told:
        spoken = self._catalog.supported(language)
        return Told(self._catalog.system(name, spoken), spoken, claim, None, self._clock())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_BUTTON else f"{text[: LONGEST_BUTTON - 1].rstrip()}…"
