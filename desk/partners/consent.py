"""Reads whether the citizen agrees to a transfer. It runs in the transaction that appends the message, which has locked the
contact.

Only a clear answer counts: a tap on the question's own button, or a plain yes or no while that question is our last
message. A "yes" to an agent's question in between is not consent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from city import City
from desk.conversations.messages import MessageWriter
from desk.model import Clock, Conversation
from desk.store.people import audit
from desk.store.pool import Executor
from desk.store.routing import partners
from desk.store.routing.partners import PartnerTransfer
from desk.turns.choice import choose, plain
from desk.turns.leaving import without_polite

YES, NO = "partner_yes", "partner_no"
TRANSFER = "transfer"
"""The value of a button that says which transfer it is about."""


@dataclass(frozen=True, slots=True)
class Consented:
    """The desk's reply to the answer."""

    said: str
    variables: Mapping[str, object]


class ConsentAnswers:
    """Built once by the worker."""

    def __init__(self, city: City, writer: MessageWriter, clock: Clock) -> None:
        self._city = city
        self._writer = writer
        self._clock = clock

    async def take(
        self,
        transaction: Executor,
        conversation: Conversation,
        intent: str | None,
        entities: Mapping[str, object],
        text: str,
        *,
        tapped: bool,
        proven: bool,
    ) -> Consented | None:
        """None if the message answers no such question. `tapped`: a button was, so that it is clear which question is
        answered. `proven`: the contact certainly wrote it."""
        named = intent in (YES, NO)
        with_people = conversation.state not in ("bot", "resolved")
        if not named:
            # The button of another question has a title, too: it is no answer to this one.
            plainly = intent is None and with_people and not tapped
            intent = self.meaning(text) if plainly else None
        if intent is None:
            return None
        transfer = await partners.get_latest(transaction, conversation.id)
        if transfer is None:
            return None
        if with_people and not tapped and not await self._is_answer(transaction, transfer):
            return None
        about = str(entities.get(TRANSFER)) if named else str(transfer.id)
        config = self._city.partner(transfer.partner)
        variables = {"partner": config.title if config else transfer.partner}
        now = self._clock()
        if (
            about != str(transfer.id)
            or transfer.state != "asked"
            or transfer.consent_by <= now
            or not with_people
        ):
            return Consented("partner_over", variables)
        if intent == YES and (not proven or config is None):
            return None  # its sender is not verified: the agent reads it
        if intent == YES:
            await partners.mark_consented(transaction, transfer.id, now)
        else:
            await partners.mark_closed(transaction, transfer.id, "refused", now)
        act = "partner_consented" if intent == YES else "partner_refused"
        await audit.add_line(transaction, None, act, conversation.id, _ids(transfer), now)
        return Consented("partner_agreed" if intent == YES else "partner_kept", variables)

    async def _is_answer(self, transaction: Executor, transfer: PartnerTransfer) -> bool:
        return transfer.state == "asked" and await partners.is_last_said(
            transaction, transfer.conversation_id, transfer.question_seq
        )

    def meaning(self, text: str) -> str | None:
        """YES or NO, if the text says nothing else, in any of the city's languages; None if it says both."""
        offers = {}
        for language in self._city.languages:
            composed = self._writer.catalog.system("partner_ask", language, {"partner": "", "hours": ""})
            offers[language] = composed.buttons
        said = (text, without_polite(text))
        found = {
            buttons[place].intent
            for buttons in offers.values()
            for one in said
            if (place := choose(one, [button.title for button in buttons])) is not None
        }
        if len(found) != 1:
            return None
        # "no" is also short for "number", and polite before another word: "no 1" and "no, yes" are no consent.
        words = set(plain(text).split())
        other = {
            plain(button.title)
            for buttons in offers.values()
            for button in buttons
            if button.intent not in found
        }
        return None if words & other else found.pop()


def _ids(transfer: PartnerTransfer) -> dict[str, str]:
    return {"transfer": str(transfer.id), "partner": transfer.partner}
