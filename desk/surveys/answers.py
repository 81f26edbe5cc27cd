"""Reads the answers to a satisfaction survey, so that they are not treated as new questions.

Only unambiguous answers count: a tap on one of the survey's buttons or, in the first message after it, a number or a
button's title; a comment only after its author chose to write one. Any other message is processed as usual.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Contact, Conversation, Event, Handoff, InReply, OfferedButton
from desk.routing.teams import choose_team
from desk.store import surveys
from desk.store.dialogue import buttons, conversations, handoffs, messages
from desk.store.dialogue.buttons import KnownButton
from desk.store.pool import Executor
from desk.store.surveys import Survey
from desk.surveys.answer_ratings import INTENTS, AnswerRatings
from desk.surveys.ratings import BEST, SORRY, WORST, read_rating
from desk.turns.choice import choose
from desk.turns.question import read_plainly

log = structlog.get_logger("turns")

RATE, COMMENT, NOT_SOLVED = "rate_service", "rate_comment", "rate_not_solved"
OPEN_FOR = timedelta(days=7)
"""How long a text can be an answer, if nothing else was said meanwhile; a tap always is one."""
LONGEST_COMMENT = 4_000
SUMMARY = "The citizen says that an earlier conversation is not solved."


@dataclass(frozen=True, slots=True)
class _Said:
    """`intent` is one of the three above; `button` the id of the button that was tapped."""

    survey: Survey
    intent: str
    text: str
    rating: int | None = None
    button: str | None = None


class SurveyAnswers:
    """Built once by the worker."""

    def __init__(
        self,
        city: City,
        writer: MessageWriter,
        handoffs: Handoffs,
        announcer: Announcer,
        clock: Clock,
        ratings: AnswerRatings | None = None,
    ) -> None:
        self._city = city
        self._writer = writer
        self._handoffs = handoffs
        self._announcer = announcer
        self._clock = clock
        self._ratings = ratings

    async def take(
        self, transaction: Executor, contact: Contact, event: Event, current: Conversation | None
    ) -> bool:
        """Whether the event answered a survey; then it is done, with its message in the conversation that it is about.
        `current` is the contact's open conversation. The caller has locked the contact."""
        received = event.received
        if received.edits or received.stops or received.thread.get("quiet"):
            return False
        tapped = (
            await buttons.get_button(transaction, contact.id, received.button) if received.button else None
        )
        if tapped is not None and tapped.offer.intent in INTENTS and self._ratings is not None:
            return await self._rate_answer(transaction, contact, event, tapped, self._ratings)
        said = await self._read(transaction, contact, event, current, tapped)
        if said is None:
            return False
        conversation = await conversations.get_by_id(transaction, said.survey.conversation_id)
        if conversation is None:
            return False
        content = dict(read_plainly(contact, event.received).content)
        if said.button:
            content["button"] = said.button
        message = await messages.add_received(
            transaction, conversation, event.id, said.text, content, answer=False
        )
        await self._record_answer(transaction, conversation, said, InReply(message.id, 0), current)
        self._announcer.added(conversation)
        log.info("survey_answered", conversation=str(conversation.id), what=said.intent)
        return True

    async def _rate_answer(
        self,
        transaction: Executor,
        contact: Contact,
        event: Event,
        tapped: KnownButton,
        answer_ratings: AnswerRatings,
    ) -> bool:
        """A tap on "Did this answer your question?", perhaps in a conversation that is over."""
        conversation = await conversations.get_by_id(transaction, tapped.conversation_id)
        name = conversation and await answer_ratings.take(transaction, conversation, tapped.offer.intent)
        if conversation is None or not name:
            return False
        content = {**read_plainly(contact, event.received).content, "button": event.received.button}
        message = await messages.add_received(
            transaction, conversation, event.id, tapped.offer.title, content, answer=False
        )
        await self._writer.system(transaction, conversation, name, reply=InReply(message.id, 0))
        self._announcer.added(conversation)
        return True

    async def _record_answer(
        self,
        transaction: Executor,
        conversation: Conversation,
        said: _Said,
        reply: InReply,
        current: Conversation | None,
    ) -> None:
        now = self._clock()
        if said.intent == NOT_SOLVED:
            await surveys.mark_not_solved(transaction, conversation.id, now)
            await self._reopen(transaction, conversation, reply, current)
            return
        if said.rating is not None:
            await surveys.set_rating(transaction, conversation.id, said.rating, now)
            name = "csat_sorry" if said.rating <= SORRY else "csat_thanks"
        elif said.survey.expects == "comment" and said.button is None:
            await surveys.set_comment(transaction, conversation.id, said.text[:LONGEST_COMMENT])
            name = "csat_kept"
        else:
            await surveys.set_expects(transaction, conversation.id, "comment")
            name = "csat_write"
        await self._writer.system(transaction, conversation, name, reply=reply)

    async def _reopen(
        self,
        transaction: Executor,
        conversation: Conversation,
        reply: InReply,
        current: Conversation | None,
    ) -> None:
        """To a person, as the citizen says that it is not solved."""
        by, handoff = By("contact", "not_solved"), Handoff("asked", SUMMARY)
        if current is not None and current.state != "bot":
            await self._writer.system(transaction, conversation, "csat_noted", reply=reply)
            return
        if current is not None:
            await self._handoffs.hand_off(transaction, current, handoff, by, reply=reply)
            return
        if limit := await self._handoffs.limit_reached(transaction, conversation, handoff):
            await self._writer.system(transaction, conversation, f"handoff_limited_{limit}", reply=reply)
            return
        teams = await self._handoffs.teams.read(transaction)
        team = choose_team(teams, conversation.language, conversation.topic, conversation.inbox).name
        reopened = await conversations.reopen(transaction, conversation.id, team, by)
        if reopened is not None:
            await handoffs.add_handoff(transaction, conversation.contact_id)
            await self._handoffs.tell_place(transaction, reopened, reply=reply)

    async def _read(
        self,
        transaction: Executor,
        contact: Contact,
        event: Event,
        current: Conversation | None,
        known: KnownButton | None,
    ) -> _Said | None:
        received = event.received
        if received.button:
            if known is None or known.offer.intent not in (RATE, COMMENT, NOT_SOLVED):
                return None
            survey = await surveys.get_survey(transaction, known.conversation_id)
            if survey is None:
                return None
            return _Said(survey, known.offer.intent, known.offer.title, _rating(known.offer), received.button)
        text = (received.text or "").strip()
        if current is not None or not text or received.media or received.location or received.unshown:
            return None
        since = event.received_at - OPEN_FOR
        survey = await surveys.get_waiting(transaction, contact.id, since)
        return await self._in_words(transaction, survey, text) if survey is not None else None

    async def _in_words(self, transaction: Executor, survey: Survey, text: str) -> _Said | None:
        if survey.expects == "comment":
            return _Said(survey, COMMENT, text)
        about = await conversations.get_by_id(transaction, survey.conversation_id)
        language = self._writer.catalog.supported(about.language if about else None)
        if survey.expects == "rating":
            titles = [one.title for one in self._writer.catalog.system("csat_ask", language).buttons]
            rating = read_rating(text, titles)
            return _Said(survey, RATE, text, rating) if rating is not None else None
        name = "csat_sorry" if (survey.rating or BEST) <= SORRY else "csat_thanks"
        offers = self._writer.catalog.system(name, language).buttons
        place = choose(text, [one.title for one in offers])
        return _Said(survey, offers[place].intent, text) if place is not None else None


def _rating(offer: OfferedButton) -> int | None:
    value = offer.entities.get("rating")
    return value if isinstance(value, int) and WORST <= value <= BEST else None
